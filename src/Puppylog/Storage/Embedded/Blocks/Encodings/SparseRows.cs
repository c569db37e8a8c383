using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>Which records have a field that few have: their number, then the first one's place and the distances between them.</summary>
static class SparseRows
{
    public static void Write(ByteWriter target, ReadOnlySpan<int> places, EncoderScratch scratch)
    {
        target.Varint((ulong)places.Length);
        var steps = scratch.Numbers(places.Length);
        ToSteps(places, steps);
        PackedIntegers.Write(target, steps, scratch.Integers, mayAscend: false);
    }

    public static int[] Read(ref ByteReader source, int records)
    {
        var steps = new long[source.Size(records)];
        PackedIntegers.Read(ref source, steps);
        var places = new int[steps.Length];
        ToPlaces(steps, places, records);
        return places;
    }

    public static void ToSteps(ReadOnlySpan<int> places, Span<long> steps)
    {
        var last = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = places[i] - last;
            last = places[i];
        }
    }

    public static void ToPlaces(ReadOnlySpan<long> steps, Span<int> places, int records)
    {
        var place = 0L;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i] < (i == 0 ? 0 : 1) || steps[i] >= records - place)
            {
                throw new CorruptDataException("the records of a field are not in order, or not there");
            }

            place += steps[i];
            places[i] = (int)place;
        }
    }
}
