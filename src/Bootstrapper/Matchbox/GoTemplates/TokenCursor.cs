using Bootstrapper.Host;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>A place among the tokens of an action.</summary>
/// <param name="skip">Tokens that were dealt with.</param>
internal sealed class TokenCursor(TemplatePiece action, int skip = 0)
{
    private int _next = skip;

    public TemplateToken? Current => At(0);

    /// <summary>Where it stands, for what is said of it.</summary>
    public int Offset => Current?.Offset ?? action.Offset;

    public TemplateToken? At(int ahead) => _next + ahead < action.Tokens!.Count ? action.Tokens[_next + ahead] : null;

    /// <exception cref="TemplateFault">There is nothing more.</exception>
    public TemplateToken Take() => Current is { } token && _next++ >= 0
        ? token
        : throw new TemplateFault(action.Offset, "something is missing in this action");

    public bool TryTake(string sign) => Current is { } token && token.Is(sign) && _next++ >= 0;

    public bool TryTakeWord(string word) => Current is { Kind: TokenKind.Word } token && token.Value == word && _next++ >= 0;

    /// <exception cref="TemplateFault">There is more.</exception>
    public void End()
    {
        if (Current is { } more)
        {
            throw new TemplateFault(more.Offset, $"{Printable.Escaped(more.Value)} cannot stand here");
        }
    }
}
