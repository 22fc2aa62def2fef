using System.Buffers;
using System.Globalization;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// A line of <c>authorized_keys</c> (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"): options, the kind of key, the key in base64, a
/// comment. sshd skips a line that it cannot read without a word, and nobody can log in.
/// </summary>
internal static class AuthorizedKey
{
    private const string Certificate = "-cert-v01@openssh.com";

    /// <returns>Why sshd would skip it; <c>null</c> for a good line, and for one that has not the form of a key at all.</returns>
    public static string? Objection(string line)
    {
        if (line.Any(letter => char.IsControl(letter) && letter != '\t'))
        {
            return "has a line break or another character in it that cannot be seen: give each key as one line";
        }

        if ((KeyBlock.Objection(line) ?? ObjectionToBlanks(line)) is { } objection)
        {
            return objection;
        }

        var (options, key) = Split(line.Trim());
        return key.Split([' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var kind, ..] when kind.EndsWith(Certificate, StringComparison.Ordinal) =>
                "is a certificate, which sshd does not take here: give the key that it was made for, or the authority's after "
                    + "cert-authority",
            [var kind, var blob, ..] when SshPublicKey.IsKind(kind) =>
                KeyOption.Objection(Options(options)) ?? SshPublicKey.Objection(kind, blob),
            [var word, .. var rest] when rest.SelectMany(part => part.Split(' ', '\t')).Any(SshPublicKey.IsKind) =>
                $"has {word} before the kind of the key, where sshd expects nothing but options",
            [] when options.Contains('"', StringComparison.Ordinal) => "has an option whose quote is not closed",
            _ when IsElsewhere(line) => "says where keys are, and nothing is fetched: paste the keys themselves",
            _ => null,
        };
    }

    /// <summary>As ssh-import-id and cloud-init name accounts, and a URL.</summary>
    private static bool IsElsewhere(string line) =>
        line.Contains("://", StringComparison.Ordinal)
        || line.Split(':') is ["gh" or "lp" or "gl" or "github", _, ..];

    /// <summary>Text copied from a page may have blanks and marks that sshd takes for letters; a comment may have them.</summary>
    private static string? ObjectionToBlanks(string line)
    {
        var at = line.AsSpan().IndexOfAny(OtherBlanks);
        if (at < 0)
        {
            return null;
        }

        var before = line[..at].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var kind = Array.FindIndex(before, SshPublicKey.IsKind);
        var isInComment = kind >= 0 && before.Length + (line[at - 1] is ' ' or '\t' ? 1 : 0) > kind + 2;
        return isInComment ? null : string.Create(CultureInfo.InvariantCulture,
            $"has the character U+{(int)line[at]:X4} as its {at + 1}., which sshd takes for no blank: type a space, or nothing");
    }

    /// <summary>Blanks other than the space and the tab, and marks that cannot be seen (Unicode, White_Space and Cf).</summary>
    private static readonly SearchValues<char> OtherBlanks = SearchValues.Create(
    [
        .. Enumerable.Range(0xa0, char.MaxValue - 0xa0).Select(code => (char)code)
            .Where(letter => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format),
    ]);

    private static (string Options, string Key) Split(string line)
    {
        var first = line.Split([' ', '\t'], 2)[0];
        if (SshPublicKey.IsKind(first) || first.EndsWith(Certificate, StringComparison.Ordinal))
        {
            return ("", line);
        }

        var end = EndOutsideQuotes(line, " \t");
        return (line[..end], line[end..].TrimStart());
    }

    /// <summary>
    /// Where the first of these characters stands that is not between quotes, else the end; a quote after a backslash is none.
    /// </summary>
    private static int EndOutsideQuotes(string text, string ends)
    {
        var (at, quoted) = (0, false);
        for (; at < text.Length && (quoted || !ends.Contains(text[at], StringComparison.Ordinal)); at++)
        {
            quoted ^= text[at] == '"' && (at == 0 || text[at - 1] != '\\');
        }

        return at;
    }

    private static IEnumerable<string> Options(string options)
    {
        for (var rest = options; rest.Length > 0;)
        {
            var end = EndOutsideQuotes(rest, ",");
            yield return rest[..end];
            rest = end < rest.Length ? rest[(end + 1)..] : "";
        }
    }
}
