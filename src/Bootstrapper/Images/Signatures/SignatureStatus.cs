using System.Globalization;
using Bootstrapper.Host;

namespace Bootstrapper.Images.Signatures;

/// <summary>What gpgv says of a signature.</summary>
/// <param name="Objection">What is wrong with it; <c>null</c> for one good signature of a key that is valid today.</param>
/// <param name="IsForeign">Whether the only thing wrong is that nobody here trusts the key.</param>
/// <param name="Signer">Fingerprint and name of a good signature's key.</param>
/// <param name="Made">When, by the signer's clock.</param>
/// <remarks>
/// Read from GnuPG's doc/DETAILS, "Format of the --status-fd output". The exit code is not enough: for the signature of a key
/// that has expired it is 0.
/// </remarks>
internal sealed record SignatureStatus(string? Objection, bool IsForeign, string Signer, DateTimeOffset Made)
{
    private const string Prefix = "[GNUPG:] ";

    /// <param name="place">Where an operator puts keys of this kind.</param>
    public static SignatureStatus Of(IEnumerable<string> lines, int exitCode, string errors, string place)
    {
        var words = lines.Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].Split(' ')).ToList();
        var objection = First("BADSIG") is not null ? "its signature is of another content: it was damaged or replaced on the way"
            : First("EXPKEYSIG") is { } expired ? $"the key that signed it, {expired}, has expired{ExpiryDate(words)}; "
                + $"put its owner's renewed key into {place}"
            : First("REVKEYSIG") is { } revoked ? $"the key that signed it, {revoked}, was revoked by its owner"
            : First("EXPSIG") is not null ? "its signature has expired"
            : First("NO_PUBKEY") is { } unknown ? $"it is signed with key {unknown}, which is not in {place}"
            : First("NODATA") is not null ? "its signature file holds no signature"
            : exitCode == 0 && First("GOODSIG") is not null && First("VALIDSIG") is not null ? null
            : $"gpgv does not accept its signature: {Printable.OnOneLine(errors.Trim())}";
        var isForeign = objection is not null && First("NO_PUBKEY") is not null && !words.Exists(line => line[0] == "BADSIG");
        return objection is null ? Good(words) : new SignatureStatus(objection, isForeign, "", default);

        string? First(string word) => words.Find(line => line[0] == word)?.ElementAtOrDefault(1);
    }

    /// <summary>GOODSIG has the key's owner, VALIDSIG the fingerprint, the date, and the time in seconds.</summary>
    private static SignatureStatus Good(List<string[]> words)
    {
        var (good, valid) = (words.Find(line => line[0] == "GOODSIG")!, words.Find(line => line[0] == "VALIDSIG")!);
        var made = long.TryParse(valid.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        return new SignatureStatus(
            null,
            IsForeign: false,
            $"{valid[^1]} ({Printable.OnOneLine(string.Join(' ', good.Skip(2)))})",
            DateTimeOffset.FromUnixTimeSeconds(made));
    }

    private static string ExpiryDate(List<string[]> words) =>
        words.Find(line => line[0] == "KEYEXPIRED") is [_, var seconds, ..]
            && long.TryParse(seconds, CultureInfo.InvariantCulture, out var at)
            ? $" on {DateTimeOffset.FromUnixTimeSeconds(at):yyyy-MM-dd}"
            : "";
}
