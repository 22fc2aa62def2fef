using System.Globalization;
using Bootstrapper.Host;

namespace Bootstrapper.Images.Signatures;

/// <summary>Reads what gpgv says to programs (GnuPG's doc/DETAILS, "Format of the --status-fd output").</summary>
/// <remarks>Its exit code is not enough: for the signature of a key that has expired it is 0.</remarks>
internal static class SignatureStatus
{
    private const string Prefix = "[GNUPG:] ";

    /// <returns><c>null</c> for one good signature of a key that is valid today.</returns>
    public static string? Objection(IEnumerable<string> lines, int exitCode, string errors)
    {
        var words = lines.Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].Split(' ')).ToList();
        return First("BADSIG") is not null ? "its signature is of another content: it was damaged or replaced on the way"
            : First("EXPKEYSIG") is { } expired ? $"the key that signed it, {expired}, has expired{ExpiryDate(words)}; "
                + "put the vendor's renewed key into signing-keys/"
            : First("REVKEYSIG") is { } revoked ? $"the key that signed it, {revoked}, was revoked by its owner"
            : First("EXPSIG") is not null ? "its signature has expired"
            : First("NO_PUBKEY") is { } unknown ? $"it is signed with key {unknown}, which is not in signing-keys/"
            : First("NODATA") is not null ? "its signature file holds no signature"
            : exitCode == 0 && First("GOODSIG") is not null && First("VALIDSIG") is not null ? null
            : $"gpgv does not accept its signature: {Printable.OnOneLine(errors.Trim())}";

        string? First(string word) => words.Find(line => line[0] == word)?.ElementAtOrDefault(1);
    }

    private static string ExpiryDate(List<string[]> words) =>
        words.Find(line => line[0] == "KEYEXPIRED") is [_, var seconds, ..]
            && long.TryParse(seconds, CultureInfo.InvariantCulture, out var at)
            ? $" on {DateTimeOffset.FromUnixTimeSeconds(at):yyyy-MM-dd}"
            : "";
}
