namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// A key as a file of several lines (PEM, RFC 7468; SSH2, RFC 4716; PuTTY's), pasted where something else belongs. A private one
/// must not be quoted, and neither must the lines behind its first.
/// </summary>
internal static class KeyBlock
{
    private static readonly string[] PrivateMarks =
        ["PRIVATE KEY--", "PRIVATE KEY --", "PRIVATE KEY BLOCK", "PuTTY-User-Key-File", "AGE-SECRET-KEY-"];

    /// <summary>What the public ones begin with, and what <c>ssh-keygen -i</c> calls the form.</summary>
    private static readonly (string Mark, string Form)[] PublicMarks =
        [("BEGIN SSH2 PUBLIC KEY", "RFC4716"), ("BEGIN PUBLIC KEY", "PKCS8"), ("BEGIN RSA PUBLIC KEY", "PEM")];

    public static bool IsPrivate(string text) =>
        Array.Exists(PrivateMarks, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <returns>What to do with a public one; <c>null</c> where there is none.</returns>
    public static string? Objection(string text) =>
        Array.Find(PublicMarks, known => text.Contains(known.Mark, StringComparison.Ordinal)) is { Form: { } form }
            ? $"begins a key in another form: 'ssh-keygen -i -m {form} -f FILE' makes a line of it"
            : null;

    /// <summary>Up to the first that begins such a key: what follows is the rest of it.</summary>
    public static IEnumerable<T> UpTo<T>(IEnumerable<T> items, Func<T, string?> textOf)
    {
        foreach (var item in items)
        {
            yield return item;
            if (textOf(item) is { } text && (IsPrivate(text) || Objection(text) is not null))
            {
                yield break;
            }
        }
    }
}
