using System.Text;
using Puppylog.Intake;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Tests.Intake;

public sealed class IntakeRedactorTests
{
    static IntakeRedactor Create(params string[] patterns) => IntakeRedactor.Create([new RedactOptions { Detectors = ["email", "secret", "card"], Patterns = [.. patterns] }])!;

    [Theory]
    [InlineData("password", "hunter2", "password=***")]
    [InlineData("pass\"word\\", "x\ny\u0001", "pass\"word\\=x\ny\u0001")]
    [InlineData("user", "a@example.com", "user=***")]
    [InlineData("user", "\"a@example.com\",\\\t b", "user=\"***\",\\\t b")]
    [InlineData("a@example.com", "x", "***=x")]
    [InlineData("note", "password='a b' next", "note=password='***' next")]
    [InlineData("whole", "42-x", "whole=***")]
    [InlineData("part", "a 42-x", "part=a 42-x")]
    [InlineData("é", "ü\u2028", "é=ü\u2028")]
    [InlineData("empty", "", "empty=")]
    public void Field_is_looked_at_with_its_name(string name, string value, string expected) => Assert.Equal((expected, ValueKind.Text), Field(Create("^42-x$"), name, value, ValueKind.Text));

    [Theory]
    [InlineData("password", "5", "Number", "password=***", "Text")]
    [InlineData("card", "4111111111111111", "Number", "card=***", "Text")]
    [InlineData("n", "17", "Number", "n=17", "Number")]
    [InlineData("b", "true", "Boolean", "b=true", "Boolean")]
    [InlineData("list", "[\"a@example.com\",4111111111111111,1]", "Json", "list=[\"***\",\"***\",1]", "Json")]
    public void Kind_is_that_of_what_is_left(string name, string value, string kind, string expected, string left) =>
        Assert.Equal((expected, Enum.Parse<ValueKind>(left)), Field(Create(), name, value, Enum.Parse<ValueKind>(kind)));

    /// <summary>Lines are looked at one by one; a name and its value are of one object wherever a newline stands.</summary>
    [Theory]
    [InlineData("{\n\"password\":\n\"hunter2\"\n}", "{ \"password\": \"***\" }")]
    [InlineData("[1,\n{\"password\"\n:\n\"hunter2\"}]", "[1, {\"password\" : \"***\"}]")]
    [InlineData("{\n\"a\":\n1}", "{\n\"a\":\n1}")]
    [InlineData("{a\npassword=x\nb", "{a\npassword=***\nb")]
    [InlineData("one\npassword=x\ntwo a@example.com", "one\npassword=***\ntwo ***")]
    public void Text_of_several_lines_is_redacted(string text, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(Create().Text(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Nothing_to_redact_is_no_redactor() => Assert.Null(IntakeRedactor.Create([new FilterOptions("x", Keeps: true)]));

    /// <summary>Whatever bytes a field has: what no detector finds is left as it is, and what is found is gone.</summary>
    [Fact]
    public void Any_bytes_go_through()
    {
        var random = new Random(5);
        var redactor = Create("zz+");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] = random.Next(3) == 0 ? "\"\\{}:,z@.%u0\n"u8[random.Next(13)] : bytes[at];
            }

            ReadOnlySpan<byte> name = bytes.AsSpan(0, bytes.Length / 3), value = bytes.AsSpan(bytes.Length / 3);
            var kind = ValueKind.Text;
            redactor.Field(ref name, ref value, ref kind);
            Assert.Equal(ValueKind.Text, kind);
            Assert.False(value.IndexOf("zz"u8) >= 0, Convert.ToHexString(bytes));
            if (redactor.TakeCount() == 0)
            {
                Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(name) + Convert.ToHexString(value));
            }
        }
    }

    static (string, ValueKind) Field(IntakeRedactor redactor, string name, string value, ValueKind kind)
    {
        ReadOnlySpan<byte> nameBytes = Encoding.UTF8.GetBytes(name), valueBytes = Encoding.UTF8.GetBytes(value);
        redactor.Field(ref nameBytes, ref valueBytes, ref kind);
        return ($"{Encoding.UTF8.GetString(nameBytes)}={Encoding.UTF8.GetString(valueBytes)}", kind);
    }
}
