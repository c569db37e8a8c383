namespace Puppylog.Storage.Postgres.Asking;

/// <summary>
/// Finds out whether a text of SQL is one statement: the driver would run several one after the other, and the second
/// could end the read-only transaction of the first. Lexical structure: PostgreSQL's documentation, section 4.1.
/// </summary>
static class SingleStatement
{
    /// <summary>True where nothing but blanks and comments stands behind the first semicolon.</summary>
    public static bool Is(string sql)
    {
        var ended = false;
        for (var at = 0; at < sql.Length;)
        {
            var next = Skip(sql, at);
            if (next > at)
            {
                at = next;
                continue;
            }

            if (ended)
            {
                return false;
            }

            ended = sql[at] == ';';
            at = End(sql, at);
        }

        return true;
    }

    /// <summary>Behind a blank or a comment; comments within comments count.</summary>
    static int Skip(string sql, int at)
    {
        if (char.IsWhiteSpace(sql[at]))
        {
            return at + 1;
        }

        if (Stands(sql, at, "--"))
        {
            var line = sql.IndexOf('\n', at);
            return line < 0 ? sql.Length : line + 1;
        }

        if (!Stands(sql, at, "/*"))
        {
            return at;
        }

        var depth = 0;
        do
        {
            depth += Stands(sql, at, "/*") ? 1 : Stands(sql, at, "*/") ? -1 : 0;
            at += Stands(sql, at, "/*") || Stands(sql, at, "*/") ? 2 : 1;
        }
        while (depth > 0 && at < sql.Length);
        return Math.Min(at, sql.Length);
    }

    /// <summary>Behind a text in quotes or dollars, or a single character.</summary>
    static int End(string sql, int at)
    {
        switch (sql[at])
        {
            case '\'':
                var escapes = at > 0 && sql[at - 1] is 'e' or 'E' && (at < 2 || !IsOfName(sql[at - 2]));
                return Close(sql, at, '\'', escapes);
            case '"':
                return Close(sql, at, '"', escapes: false);
            case '$' when at == 0 || !IsOfName(sql[at - 1]):
                var tag = at + 1;
                while (tag < sql.Length && sql[tag] != '$' && IsOfName(sql[tag]))
                {
                    tag++;
                }

                if (tag == sql.Length || sql[tag] != '$' || char.IsAsciiDigit(sql[at + 1]))
                {
                    return at + 1;
                }

                var close = sql.IndexOf(sql[at..(tag + 1)], tag + 1, StringComparison.Ordinal);
                return close < 0 ? sql.Length : close + tag + 1 - at;
            default:
                return at + 1;
        }
    }

    static int Close(string sql, int at, char quote, bool escapes)
    {
        for (at++; at < sql.Length; at++)
        {
            if (escapes && sql[at] == '\\')
            {
                at++;
            }
            else if (sql[at] == quote)
            {
                return at + 1;
            }
        }

        return sql.Length;
    }

    static bool Stands(string sql, int at, string what) => string.CompareOrdinal(sql, at, what, 0, what.Length) == 0;

    static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;
}
