namespace Puppylog.Query.Values;

/// <summary>Finds the number that would stand at an index if they were sorted, without sorting them.</summary>
/// <remarks>Hoare's FIND (1961) with the median of three; sorts what is left when the pivots are unlucky.</remarks>
static class Selection
{
    const int Small = 64;

    /// <param name="numbers">No NaN among them; put into another order.</param>
    /// <param name="index">From 0 on.</param>
    public static double At(Span<double> numbers, int index)
    {
        for (var left = 2 * (int)Math.Log2(numbers.Length + 1); numbers.Length > Small && left > 0; left--)
        {
            var pivot = Median(numbers[0], numbers[numbers.Length / 2], numbers[^1]);
            var low = 0;
            var high = numbers.Length - 1;
            while (low <= high)
            {
                while (numbers[low] < pivot)
                {
                    low++;
                }

                while (numbers[high] > pivot)
                {
                    high--;
                }

                if (low <= high)
                {
                    (numbers[low], numbers[high]) = (numbers[high], numbers[low]);
                    low++;
                    high--;
                }
            }

            if (index <= high)
            {
                numbers = numbers[..(high + 1)];
            }
            else if (index >= low)
            {
                numbers = numbers[low..];
                index -= low;
            }
            else
            {
                return pivot;
            }
        }

        numbers.Sort();
        return numbers[index];
    }

    static double Median(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
