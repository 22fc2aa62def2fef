using System.Globalization;
using Bootstrapper.Host;
using Bootstrapper.Images;
using Bootstrapper.Images.Signatures;
using Bootstrapper.Pki;
using Bootstrapper.Signing;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace Bootstrapper.Doctor;

/// <summary>
/// The OpenPGP keys that releases and bundles are checked and configs are signed with: readable, able to sign, not near the
/// end.
/// </summary>
internal static class SigningKeyExpiry
{
    public const string Name = "signing keys";

    /// <summary>Vendors publish a renewed key months ahead; operators fetch it at their own pace.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var others = SigningKeys.Of(patient.Bsroot).Concat(SigningKeys.Files(patient.Bsroot.BundleKeys))
            .SelectMany(file => OfOthers(file, patient.Time.GetUtcNow()));
        var findings = others.Concat(Own(patient)).ToList();
        return findings.Count > 0 ? findings : [Finding.Good(Name, "there are none")];
    }

    private static IEnumerable<Finding> OfOthers(string file, DateTimeOffset now)
    {
        const string remedy = "fetch its owner's renewed key, compare its fingerprint, and put it in the place of this one";
        try
        {
            return [.. KeyFacts.OfAll(SigningKeys.Read(file)).Select(key => Judge(file, key, now, Gravity.Warning, remedy))];
        }
        catch (Exception e) when (e is ReleaseException or PgpException or IOException)
        {
            return [Finding.Warning(Name, $"{file} cannot be read as OpenPGP public keys: {e.Message}", remedy)];
        }
    }

    /// <summary>Without it, machines that check what they are told stop.</summary>
    private static IEnumerable<Finding> Own(Patient patient)
    {
        using var signer = new ConfigSigner(patient.Bsroot, patient.Time);
        const string remedy = "give it more time ('gpg --quick-set-expire'), and export it again ('gpg --export-secret-keys')";
        try
        {
            return signer.HasKey
                ? [Judge(patient.Bsroot.ConfigSigningKey, signer.Key().Facts, patient.Time.GetUtcNow(), Gravity.Error, remedy)]
                : [];
        }
        catch (Exception e) when (e is SigningException or PkiException)
        {
            return [Finding.Error(Name, e.Message, "until then configs have no signatures: docs/matchbox.md, Signatures")];
        }
    }

    private static Finding Judge(string file, KeyFacts key, DateTimeOffset now, Gravity whenUseless, string remedy)
    {
        var name = $"{file}: {key.Fingerprint} ({Printable.OnOneLine(key.Owner)})";
        return !key.CanSign ? new Finding(Name, whenUseless, $"{name} was revoked, or may not sign", remedy)
            : key.Expires is not { } end ? Finding.Good(Name, $"{name} does not expire")
            : end <= now ? new Finding(Name, whenUseless, $"{name} expired on {end:yyyy-MM-dd}", remedy)
            : end - now < Soon ? Finding.Warning(Name, $"{name} expires on {end:yyyy-MM-dd}, in {Days(end - now)} days", remedy)
            : Finding.Good(Name, $"{name} is valid until {end:yyyy-MM-dd}");
    }

    private static string Days(TimeSpan time) => ((int)time.TotalDays).ToString(CultureInfo.InvariantCulture);
}
