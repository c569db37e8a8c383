using System.Text;
using Puppylog.Processing.Options;
using Puppylog.Processing.Redaction;

namespace Puppylog.Tests.Processing.Redaction;

public sealed class LineRedactorTests
{
    static readonly RedactionKey Key = RedactionKey.FromText("0123456789abcdef");

    /// <summary>Detector, line ⇶ rewritten line.</summary>
    static readonly (string Detector, string Line, string Expected)[] Table =
    [
        ("email", "from bob.smith+x@mail.example.com to a@b.co.", "from *** to ***."),
        ("email", "GET /u?email=bob%40example.com&x=1", "GET /u?email=***&x=1"),
        ("email", @"{""mail"":""bob\u0040example.com""}", @"{""mail"":""***""}"),
        ("email", @"{""mail"":""\u0062ob@example\u002ecom""}", @"{""mail"":""***""}"),
        ("email", @"{""m"":""to:\nbob@example.com\n\u0041ab@example.com\\x@example.com""}", @"{""m"":""to:***\n***\\***""}"),
        ("email", "<zoë@exämple.org>", "<***>"),
        ("email", "x%2540example.com", "***"),
        ("email", "git@github.com:x/y", "***:x/y"),
        ("email", "pkg@1.2.3 @scope/name user@localhost a@b @ @@ a@.com", "pkg@1.2.3 @scope/name user@localhost a@b @ @@ a@.com"),
        ("email", "a@b@c.de", "a@***"),
        ("card", "paid with 4111111111111111.", "paid with ***."),
        ("card", "4111-1111-1111-1111 and 5500 0000 0000 0004", "*** and ***"),
        ("card", "378282246310005,3782 822463 10005,30569309025904", "***,***,***"),
        ("card", @"{""card"":4111111111111111,""n"":1}", @"{""card"":""***"",""n"":1}"),
        ("card", @"{""msg"":""a: 4111111111111111, b""}", @"{""msg"":""a: ***, b""}"),
        ("card", "?pan=4111%201111%201111%201111&x", "?pan=***&x"),
        ("card", @"{""body"":""{\""pan\"":\""4111111111111111\""}""}", @"{""body"":""{\""pan\"":\""***\""}""}"),
        ("card", "4111111111111112 1700000000000 1763766000000000000 0.4111111111111111", "4111111111111112 1700000000000 1763766000000000000 0.4111111111111111"),
        ("card", "x4111111111111111 4111111111111111x ab-4111111111111111 41111111111111110000", "x4111111111111111 4111111111111111x ab-4111111111111111 41111111111111110000"),
        ("card", "41111111-1111-1111-1111-111111111111", "41111111-1111-1111-1111-111111111111"),
        ("card", "1234 4111111111111111 4242424242424242", "1234 *** ***"),
        ("bearer", "Authorization: Bearer abc123.def-456_x==", "Authorization: Bearer ***"),
        ("bearer", "authorization: bearer 0123456789, BASIC dXNlcjpwYXNz; Basic dXNlcjpwYXNz", "authorization: bearer ***, BASIC dXNlcjpwYXNz; Basic ***"),
        ("bearer", "the bearer of bad news; basic authentication; Bearer is missing", "the bearer of bad news; basic authentication; Bearer is missing"),
        ("bearer", "jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_ end", "jwt=*** end"),
        ("bearer", @"{""h"":""Bearer\u0020abcdef123456""}", @"{""h"":""Bearer\u0020***""}"),
        ("bearer", "eyJust a word", "eyJust a word"),
        ("secret", "https://bob:hunter2@db.example.com/x", "https://bob:***@db.example.com/x"),
        ("secret", "redis://:p@ss:word@host:6379 http://host:80/a@b http://user@host", "redis://:***@host:6379 http://host:80/a@b http://user@host"),
        ("secret", @"{""u"":""https:\/\/bob:hunter2@h\/x""}", @"{""u"":""https:\/\/bob:***@h\/x""}"),
        ("secret", "/login?user=bob&password=hun%20ter2&api_key=k1#x", "/login?user=bob&password=***&api_key=***"),
        ("secret", @"{""password"":""hun\""ter2"",""user"":""bob"",""accessToken"" : ""t""}", @"{""password"":""***"",""user"":""bob"",""accessToken"" : ""***""}"),
        ("secret", @"{""password"":12345,""pin"":1,""token"":null,""secret"":true,""api-key"":""""}", @"{""password"":""***"",""pin"":1,""token"":null,""secret"":true,""api-key"":""""}"),
        ("secret", @"{""body"":""{\""password\"":\""hun\\\""ter2\""}"",""n"":1}", @"{""body"":""{\""password\"":\""***\""}"",""n"":1}"),
        ("secret", "Server=x;Password=p1;User Id=y", "Server=x;Password=***;User Id=y"),
        ("secret", "DB_PASSWORD=p1 level=info client.secret=s 'password': 'p2'", "DB_PASSWORD=*** level=info client.secret=*** 'password': '***'"),
        ("secret", "X-Api-Key: abc password: p1", "X-Api-Key: *** password: ***"),
        ("secret", "Unexpected token: } the secret: none compass=1 tokens=5 key=1 monkey=2", "Unexpected token: } the secret: none compass=1 tokens=5 key=1 monkey=2"),
        ("secret", "authorization=Bearer abc x", "authorization=*** x"),
        ("secret", "q=password%3Dhunter2%26a%3Db", "q=password%3D***%26a%3Db"),
        ("secret", @"{""b"":""{\""q\"":\""a?password=x\""}""}", @"{""b"":""{\""q\"":\""a?password=***\""}""}"),
        ("secret", "password=***", "password=***"),
        ("secret", @"{""pa\u0073sword"":""p1""}", @"{""pa\u0073sword"":""***""}"),
        ("ip", "203.0.113.77 - - [x] \"GET / HTTP/1.1\"", "203.0.113.0 - - [x] \"GET / HTTP/1.1\""),
        ("ip", "to 10.0.0.1:8080, (192.168.1.254) 8.8.8.8.", "to 10.0.0.0:8080, (192.168.1.0) 8.8.8.0."),
        ("ip", "v1.2.3.4 1.2.3 1.2.3.4.5 256.1.1.1 1.2.3.4567 a1.2.3.4 10.0.0.0", "v1.2.3.4 1.2.3 1.2.3.4.5 256.1.1.1 1.2.3.4567 a1.2.3.4 10.0.0.0"),
        ("ip", "2001:db8:1:2:3:4:5:6 [2001:db8:1:2::7]:80 fe80::1: x ::1", "2001:db8:1:: [2001:db8:1::]:80 fe80::: x ::"),
        ("ip", "::ffff:203.0.113.77", "::ffff:203.0.113.0"),
        ("ip", "std::cout A::B 12:34:56 aa:bb:cc:dd:ee:ff 2001:db8:1:: ::", "std::cout A::B 12:34:56 aa:bb:cc:dd:ee:ff 2001:db8:1:: ::"),
        ("ip", "?ip=203%2E0%2E113%2E77&x", "?ip=203.0.113.0&x"),
        ("pattern", "SSN-123456789 ß SSN-987654321", "*** ß ***"),
        ("pattern", "%53SN-123456789", "***"),
    ];

    [Fact]
    public void Lines_are_rewritten_as_expected()
    {
        var wrong = Table.Select(row => (row, Actual: Redact(row.Line, Options(row.Detector)))).Where(pair => pair.Actual != pair.row.Expected)
            .Select(pair => $"{pair.row.Detector}: {pair.row.Line}\n  ⇶ {pair.Actual}\n  not {pair.row.Expected}");
        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void Many_lines_at_once_are_rewritten_like_each_alone()
    {
        foreach (var group in Table.GroupBy(row => row.Detector))
        {
            var lines = string.Join('\n', group.Select(row => row.Line));
            Assert.Equal(string.Join('\n', group.Select(row => row.Expected)), Redact(lines, Options(group.Key)));
        }
    }

    [Fact]
    public void Rewriting_again_changes_nothing()
    {
        foreach (var (detector, _, expected) in Table)
        {
            Assert.Equal(expected, Redact(expected, Options(detector)));
        }
    }

    [Theory]
    [InlineData("email", "Bob@Example.com bob%40example.com x", 2)]
    [InlineData("card", "4111111111111111 4111-1111-1111-1111", 2)]
    [InlineData("secret", "password=p1 {\"password\":\"p1\"}", 2)]
    [InlineData("ip", "10.0.0.1 10.0.0.1", 2)]
    public void Ways_of_writing_one_thing_have_one_token(string detector, string line, int count)
    {
        var text = Redact(line, Options(detector) with { Key = Key });
        var tokens = System.Text.RegularExpressions.Regex.Matches(text, "h_[0-9a-f]{16}").Select(match => match.Value).ToList();
        Assert.Equal(count, tokens.Count);
        Assert.Single(tokens.Distinct());
        Assert.NotEqual(text, Redact(line, Options(detector) with { Key = RedactionKey.FromText("another key of 16") }));
    }

    [Fact]
    public void Token_is_the_beginning_of_the_keyed_hash() =>
        // printf bob@example.com | openssl dgst -sha256 -hmac 0123456789abcdef
        Assert.Equal("h_" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("0123456789abcdef"u8, "bob@example.com"u8))[..16], Redact("bob@example.com", Options("email") with { Key = Key }));

    [Fact]
    public void Overlapping_matches_are_one_and_an_address_within_a_secret_goes_with_it()
    {
        var all = new RedactOptions { Detectors = RedactOptions.Known, Mask = "#" };
        var redactor = LineRedactor.Create([all])!;
        Assert.Equal("https://u:#/x password=# 10.0.0.0", Text(redactor.Redact("https://u:p@h.example.com/x password=10.0.0.1 10.0.0.1"u8)));
        Assert.Equal(3, redactor.TakeCount());
        Assert.Equal(0, redactor.TakeCount());
    }

    [Fact]
    public void Lines_without_a_match_are_not_copied()
    {
        var line = Encoding.UTF8.GetBytes("nothing to see: a=1, 12:30 %20 \\n");
        Assert.True(LineRedactor.Create([new RedactOptions { Detectors = RedactOptions.Known }])!.Redact(line) == line);
    }

    static RedactOptions Options(string detector) =>
        detector == "pattern" ? new() { Patterns = ["SSN-[0-9]{9}"] } : new() { Detectors = [detector] };

    static string Redact(string line, RedactOptions options) => Text(LineRedactor.Create([options])!.Redact(Encoding.UTF8.GetBytes(line)));

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
