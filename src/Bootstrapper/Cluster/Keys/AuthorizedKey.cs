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
            _ => null,
        };
    }

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
