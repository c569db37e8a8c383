using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes.Functions;

/// <summary><c>count_uniq(a, b)</c>: distinct values, or combinations of values that are not all empty.</summary>
sealed class CountUniqFunction(ImmutableArray<string> fields) : StatsFunction("count_uniq", fields)
{
    public override StatsState CreateState(QueryMemory memory) => new State(Fields, memory);

    sealed class State(ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly DistinctSet _set = new(memory);
        readonly GroupArray<long> _counts = new(memory, 8);
        readonly ArrayBufferWriter<byte> _key = new();

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _counts.Ensure(groupCount);
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
                    Add(groups.IsEmpty ? 0 : groups[i], ByteHash.Wide(_key.WrittenSpan));
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount)
        {
            _counts.Ensure(groupCount);
            _set.Merge(((State)other)._set, groupMap, _counts.Items);
        }

        public override void Write(int group, IBufferWriter<byte> target) => target.WriteInteger(group < _counts.Items.Length ? _counts.Items[group] : 0);

        /// <summary>Hashes each distinct value of the block once; ungrouped, it is looked up once too.</summary>
        void UpdateOne(ColumnVector? column, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups)
        {
            if (column is null)
            {
                return;
            }

            var codes = new ColumnCodes(column, rows, null);
            var hashes = new UInt128[codes.Count];
            var seen = new byte[codes.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                var code = codes.Codes[i];
                if (seen[code] == 0)
                {
                    var value = codes.Value(code);
                    seen[code] = value.IsEmpty ? (byte)2 : (byte)1;
                    hashes[code] = ByteHash.Wide(value);
                }
                else if (groups.IsEmpty)
                {
                    continue;
                }

                if (seen[code] == 1)
                {
                    Add(groups.IsEmpty ? 0 : groups[i], hashes[code]);
                }
            }
        }

        void Add(int group, UInt128 hash)
        {
            if (_set.Add(group, hash))
            {
                _counts.Items[group]++;
            }
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
