using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Filters;

/// <summary>Random columns of templates and variables, some of them templates again.</summary>
static class RandomTemplates
{
    public static TemplateVector Next(Random random, int count, bool isNested = false)
    {
        var templateOf = Enumerable.Range(0, count).Select(_ => (ushort)random.Next(isNested ? 1 : 0, 4)).ToArray();
        var variables = new List<ColumnVector>();
        var templates = new TextTemplate[3];
        for (var i = 0; i < templates.Length; i++)
        {
            var rows = templateOf.Count(template => template == i + 1);
            var parts = new List<TextTemplatePart>();
            for (var pieces = random.Next(1, 5); pieces > 0; pieces--)
            {
                if (random.Next(2) == 0)
                {
                    parts.Add(new(Encoding.UTF8.GetBytes(OracleFilter.Value(random))));
                    continue;
                }

                parts.Add(new(variables.Count));
                variables.Add(!isNested && random.Next(4) == 0 ? Next(random, rows, isNested: true)
                    : random.Next(6) == 0 ? Hexadecimal(random, rows)
                    : VectorView.Vector([.. Values(random, rows)], (VectorView.Shape)random.Next(7)));
            }

            templates[i] = new([.. parts], rows);
        }

        return new(count, templateOf, templates, [.. variables]);
    }

    /// <summary>Left to be decoded when a value is asked for, as a store does.</summary>
    static LazyVector Hexadecimal(Random random, int rows)
    {
        var digits = random.Next(1, 4);
        var packed = new byte[rows * ((digits + 1) / 2)];
        random.NextBytes(packed);
        return new(rows, LazyForm.Hexadecimal, 0, () => new HexVector(rows, HexLayout.Lower, digits, packed, null));
    }

    static IEnumerable<byte[]> Values(Random random, int rows)
    {
        var isNumber = random.Next(4) == 0;
        var one = random.Next(6) == 0 ? OracleFilter.Value(random) : null;
        for (; rows > 0; rows--)
        {
            yield return Encoding.UTF8.GetBytes(isNumber ? random.Next(-600, 600).ToString(System.Globalization.CultureInfo.InvariantCulture) : one ?? OracleFilter.Value(random));
        }
    }
}
