namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Cuts a template into text and actions, and trims white space where <c>{{- </c> and <c> -}}</c> say so.</summary>
internal static class TemplateScanner
{
    private const string Open = "{{", CommentOpen = "/*", CommentClose = "*/";

    /// <exception cref="TemplateFault">An action or a comment is not closed, or holds what no action can.</exception>
    public static IReadOnlyList<TemplatePiece> Scan(string source)
    {
        List<TemplatePiece> pieces = [];
        var trims = false;
        for (var at = 0; at < source.Length;)
        {
            var open = source.IndexOf(Open, at, StringComparison.Ordinal);
            var end = open < 0 ? source.Length : open;
            AddText(pieces, source[at..end], at, trims, open >= 0 && IsTrimMarker(source, open + Open.Length));
            (at, trims) = open < 0 ? (end, false) : Action(pieces, source, open);
        }

        return pieces;
    }

    private static void AddText(List<TemplatePiece> pieces, string text, int offset, bool trimsStart, bool trimsEnd)
    {
        var kept = trimsEnd ? text.TrimEnd(White) : text;
        var trimmed = trimsStart ? kept.TrimStart(White) : kept;
        if (trimmed.Length > 0)
        {
            pieces.Add(new TemplatePiece(offset + kept.Length - trimmed.Length, trimmed, Tokens: null));
        }
    }

    private static (int Next, bool Trims) Action(List<TemplatePiece> pieces, string source, int open)
    {
        var start = open + Open.Length + (IsTrimMarker(source, open + Open.Length) ? 2 : 0);
        var comment = start;
        while (comment < source.Length && White.Contains(source[comment]))
        {
            comment++;
        }

        if (string.CompareOrdinal(source, comment, CommentOpen, 0, CommentOpen.Length) == 0)
        {
            return SkipComment(source, open, comment);
        }

        var action = new ActionScanner(source, open, start).Scan();
        pieces.Add(new TemplatePiece(open, "", action.Tokens));
        return (action.Next, action.Trims);
    }

    private static (int Next, bool Trims) SkipComment(string source, int open, int comment)
    {
        var close = source.IndexOf(CommentClose, comment + CommentOpen.Length, StringComparison.Ordinal);
        var end = close < 0
            ? new ActionScanner(source, open, source.Length)
            : new ActionScanner(source, open, close + CommentClose.Length);
        var action = end.Scan();
        return action.Tokens.Count == 0
            ? (action.Next, action.Trims)
            : throw new TemplateFault(action.Tokens[0].Offset, "a comment must end its action");
    }

    /// <summary><c>{{-3}}</c> is a number.</summary>
    private static bool IsTrimMarker(string source, int at) =>
        at + 1 < source.Length && source[at] == '-' && White.Contains(source[at + 1]);

    internal static readonly char[] White = [' ', '\t', '\r', '\n'];
}
