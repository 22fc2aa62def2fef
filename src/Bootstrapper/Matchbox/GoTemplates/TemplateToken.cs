namespace Bootstrapper.Matchbox.GoTemplates;

/// <param name="Value">The name without its dot, the text without its quotes; the rest as it is written.</param>
/// <param name="Offset">In the template.</param>
/// <param name="Touches">Whether nothing stands between it and the token before.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Value, int Offset, bool Touches)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Value == sign;
}

/// <summary>Text, or what stands between <c>{{</c> and <c>}}</c>.</summary>
/// <param name="Tokens"><c>null</c> for text.</param>
internal sealed record TemplatePiece(int Offset, string Text, IReadOnlyList<TemplateToken>? Tokens)
{
    /// <summary>The first word of an action, which may be a keyword.</summary>
    public string? Keyword => Tokens is [{ Kind: TokenKind.Word } first, ..] ? first.Value : null;
}

internal enum TokenKind
{
    /// <summary>A function or a keyword.</summary>
    Word,

    /// <summary><c>.</c> alone.</summary>
    Dot,

    /// <summary><c>.name</c>.</summary>
    Field,

    /// <summary><c>$name</c>, or <c>$</c> alone.</summary>
    Variable,

    Text,
    Number,

    /// <summary>A bracket, <c>|</c>, <c>,</c>, <c>:=</c> or <c>=</c>.</summary>
    Sign,
}
