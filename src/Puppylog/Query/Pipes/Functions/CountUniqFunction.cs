using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>
/// <c>count_uniq(a, b)</c>: distinct values, or combinations of values that are not all empty. Exact up to
/// <see cref="DistinctSet.MaxExact"/> of them, then an estimate that says so.
/// </summary>
sealed class CountUniqFunction(ImmutableArray<string> fields) : StatsFunction("count_uniq", fields)
{
    public override StatsState CreateState(QueryMemory memory) => new State(Fields, memory);

    sealed class State(ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        static readonly string ErrorText = (DistinctSketch.StandardError * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

        readonly DistinctSet _set = new(memory);
        readonly ArrayBufferWriter<byte> _key = new();

        public override string? Estimate => _set.IsEstimate
            ? $"estimate, standard error {ErrorText}; exact up to {DistinctSet.MaxExact} distinct values"
            : null;

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            var columns = new ColumnVector?[fields.Length];
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i] = FieldResolver.Resolve(view, fields[i]);
            }

            if (columns.Length == 1)
            {
                UpdateOne(columns[0], rows, groups);
                return;
            }

            for (var i = 0; i < rows.Length; i++)
            {
                if (Key(columns, rows[i]))
                {
                    _set.Add(groups.IsEmpty ? 0 : groups[i], ByteHash.Of(_key.WrittenSpan));
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount) => _set.Merge(((State)other)._set, groupMap);

        public override void Write(int group, IBufferWriter<byte> target) => target.WriteInteger(_set.Count(group));

        /// <summary>Hashes each distinct value of the block once where they are known; ungrouped, it is looked up once too.</summary>
        void UpdateOne(ColumnVector? column, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups)
        {
            if (groups.IsEmpty && column is DictionaryVector { HasValues: false, Distinct: Ipv4Vector { Present: null } distinct } dictionary)
            {
                AddAddresses(dictionary, distinct, rows);
            }
            else if (column is ConstantVector or DictionaryVector or IntegerVector or TimestampVector)
            {
                UpdateCodes(column, rows, groups);
            }
            else if (column is Ipv4Vector addresses)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    if (addresses.IsPresent(rows[i]))
                    {
                        _set.Add(groups.IsEmpty ? 0 : groups[i], AddressText.Hash(addresses.Addresses[rows[i]]));
                    }
                }
            }
            else if (column is not null)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    var value = column.Value(rows[i]);
                    if (!value.IsEmpty)
                    {
                        _set.Add(groups.IsEmpty ? 0 : groups[i], AddressText.Hash(value));
                    }
                }
            }
        }

        void AddAddresses(DictionaryVector dictionary, Ipv4Vector addresses, ReadOnlySpan<int> rows)
        {
            var seen = ArrayPool<byte>.Shared.Rent(dictionary.DistinctCount);
            var all = rows.Length == dictionary.Count;
            seen.AsSpan(0, dictionary.DistinctCount).Fill(all ? (byte)1 : (byte)0);
            for (var i = 0; i < rows.Length && !all; i++)
            {
                seen[dictionary.Codes[rows[i]]] = 1;
            }

            for (var place = 0; place < addresses.Count; place++)
            {
                if (seen[dictionary.CodeOf(place)] == 1)
                {
                    _set.Add(0, AddressText.Hash(addresses.Addresses[place]));
                }
            }

            ArrayPool<byte>.Shared.Return(seen);
        }

        void UpdateCodes(ColumnVector column, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups)
        {
            using var codes = new ColumnCodes(column, rows, null);
            var hashes = ArrayPool<ulong>.Shared.Rent(codes.Count);
            var seen = ArrayPool<byte>.Shared.Rent(codes.Count);
            seen.AsSpan(0, codes.Count).Clear();
            for (var i = 0; i < rows.Length; i++)
            {
                var code = codes.Codes[i];
                if (seen[code] == 0)
                {
                    var value = codes.Value(code);
                    seen[code] = value.IsEmpty ? (byte)2 : (byte)1;
                    hashes[code] = AddressText.Hash(value);
                }
                else if (groups.IsEmpty)
                {
                    continue;
                }

                if (seen[code] == 1)
                {
                    _set.Add(groups.IsEmpty ? 0 : groups[i], hashes[code]);
                }
            }

            ArrayPool<ulong>.Shared.Return(hashes);
            ArrayPool<byte>.Shared.Return(seen);
        }

        bool Key(ColumnVector?[] columns, int row)
        {
            var any = false;
            _key.ResetWrittenCount();
            foreach (var column in columns)
            {
                var value = column is null ? default : column.Value(row);
                any |= !value.IsEmpty;
                BinaryPrimitives.WriteInt32LittleEndian(_key.GetSpan(4), value.Length);
                _key.Advance(4);
                _key.Write(value);
            }

            return any;
        }
    }
}
