namespace Bootstrapper.Planning;

/// <summary>A line as it is compared, and as it is shown: without what may be secret in it.</summary>
/// <param name="Text">Without its end.</param>
internal readonly record struct ShownLine(string Text, Hidden Hidden)
{
    public static IReadOnlyList<ShownLine> Of(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var lines = text.TrimEnd('\n').Split('\n');
        return [.. lines.Zip(SecretBlocks.In(lines), (line, hidden) => new ShownLine(line, hidden))];
    }

    /// <param name="secrets">What must not be shown wherever it stands.</param>
    public string Shown(KnownSecrets secrets) => Hidden switch
    {
        Hidden.Whole => SecretBlocks.WithoutText(Text),
        Hidden.Value => SecretBlocks.WithoutValue(Text),
        _ => Masks.Of(secrets.Without(Text)),
    };
}

/// <summary>What of a line is secret by what other lines say.</summary>
internal enum Hidden
{
    Nothing,

    /// <summary>What follows the name that it begins with.</summary>
    Value,

    Whole,
}
