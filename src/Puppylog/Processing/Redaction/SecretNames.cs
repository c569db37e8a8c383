namespace Puppylog.Processing.Redaction;

/// <summary>Names whose values are keys or passwords, however they are written: <c>clientSecret</c>, <c>X-Api-Key</c>, <c>DB_PASSWORD</c>.</summary>
static class SecretNames
{
    /// <summary>Bytes of a name that are looked at.</summary>
    public const int Longest = 64;

    /// <summary>The last letters of all of them.</summary>
    static readonly bool[] LastLetters = Runs.Members("deghnstyDEGHNSTY");

    public static bool MayEndWith(byte b) => LastLetters[b];

    /// <summary>1 where the value is one after <c>=</c> or as a member of JSON, 2 where also after a bare colon; else 0.</summary>
    public static int Strength(ReadOnlySpan<byte> name)
    {
        Span<byte> plain = stackalloc byte[Longest];
        var length = 0;
        foreach (var b in name)
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                plain[length++] = char.IsAsciiLetter((char)b) ? (byte)(b | 0x20) : b;
            }
        }

        var text = plain[..length];
        if (text.EndsWith("password"u8) || text.EndsWith("passwd"u8) || text.EndsWith("passphrase"u8) || text.EndsWith("apikey"u8)
            || text.EndsWith("secretkey"u8) || text.EndsWith("accesskey"u8) || text.EndsWith("privatekey"u8))
        {
            return 2;
        }

        return text.EndsWith("secret"u8) || text.EndsWith("token"u8) || text.EndsWith("pwd"u8) || text.EndsWith("signature"u8)
            || text.EndsWith("credential"u8) || text.EndsWith("credentials"u8) || text.EndsWith("authkey"u8) || text.EndsWith("signingkey"u8)
            || text.EndsWith("encryptionkey"u8) || text.EndsWith("authorization"u8)
            || text.SequenceEqual("pass"u8) || text.SequenceEqual("sig"u8) || text.SequenceEqual("auth"u8) ? 1 : 0;
    }
}
