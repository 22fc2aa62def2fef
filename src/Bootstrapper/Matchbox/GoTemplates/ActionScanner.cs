using Bootstrapper.Host;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Cuts one action into tokens.</summary>
/// <param name="open">Where its <c>{{</c> stands, for what is said of it.</param>
/// <param name="start">Where its content begins.</param>
internal sealed class ActionScanner(string source, int open, int start)
{
    private const string Close = "}}", TrimmingClose = "-}}";

    private readonly List<TemplateToken> _tokens = [];
    private int _at = start;
    private int _end = start;

    /// <returns>The tokens, where the text goes on, and whether the white space before it is dropped.</returns>
    /// <exception cref="TemplateFault">The action is not closed, or holds what no action can.</exception>
    public (IReadOnlyList<TemplateToken> Tokens, int Next, bool Trims) Scan()
    {
        while (_at < source.Length)
        {
            var white = SkipWhite();
            if (white && StartsWith(TrimmingClose))
            {
                return (_tokens, _at + TrimmingClose.Length, true);
            }

            if (StartsWith(Close))
            {
                return (_tokens, _at + Close.Length, false);
            }

            if (_at < source.Length)
            {
                Token();
            }
        }

        throw new TemplateFault(open, "this action is not closed with }}");
    }

    private bool SkipWhite()
    {
        var before = _at;
        while (_at < source.Length && TemplateScanner.White.Contains(source[_at]))
        {
            _at++;
        }

        return _at > before;
    }

    private void Token()
    {
        var first = source[_at];
        var follower = _at + 1 < source.Length ? source[_at + 1] : '\0';
        _ = (first, follower) switch
        {
            ('"' or '`', _) => Literal(),
            ('(' or ')' or '|' or ',' or '=', _) => Add(TokenKind.Sign, 1),
            (':', '=') => Add(TokenKind.Sign, 2),
            ('.', _) when IsNameStart(follower) => Add(TokenKind.Field, NameLength(1), skip: 1),
            ('$', _) => Add(TokenKind.Variable, NameLength(1)),
            ('.' or '+' or '-', >= '0' and <= '9') or ( >= '0' and <= '9', _) => Add(TokenKind.Number, NumberLength()),
            ('.', _) => Add(TokenKind.Dot, 1),
            _ when IsNameStart(first) => Add(TokenKind.Word, NameLength(0)),
            _ => throw new TemplateFault(_at, $"nothing in an action begins with {Printable.Escaped(first.ToString())}"),
        };
    }

    private bool Add(TokenKind kind, int length, int skip = 0) => Add(kind, source.Substring(_at + skip, length - skip), length);

    private bool Add(TokenKind kind, string value, int length)
    {
        _tokens.Add(new TemplateToken(kind, value, _at, _tokens.Count > 0 && _end == _at));
        _end = _at += length;
        return true;
    }

    private bool Literal()
    {
        var (value, length) = TemplateLiteral.Read(source, _at);
        return Add(TokenKind.Text, value, length);
    }

    private int NameLength(int from)
    {
        var length = from;
        while (_at + length < source.Length && (IsNameStart(source[_at + length]) || char.IsDigit(source[_at + length])))
        {
            length++;
        }

        return length;
    }

    private int NumberLength()
    {
        var length = 1;
        while (_at + length < source.Length
            && (char.IsAsciiLetterOrDigit(source[_at + length]) || source[_at + length] is '.' or '_'))
        {
            length++;
        }

        return length;
    }

    private static bool IsNameStart(char c) => c == '_' || char.IsLetter(c);

    private bool StartsWith(string text) => string.CompareOrdinal(source, _at, text, 0, text.Length) == 0;
}
