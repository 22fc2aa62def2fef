using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// The full name of a commit, SHA-1 or SHA-256. Nothing else that git would take for one gets near it: no branch, no range, no
/// option.
/// </summary>
internal readonly record struct CommitName(string Value) : IParsable<CommitName>
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static CommitName Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not the full name of a commit");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CommitName result)
    {
        result = new CommitName(s ?? "");
        return s is { Length: Sha1Digits or Sha256Digits } && !s.AsSpan().ContainsAnyExcept(Digits);
    }

    public override string ToString() => Value;
}
