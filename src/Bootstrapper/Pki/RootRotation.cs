using System.Security.Cryptography;

namespace Bootstrapper.Pki;

/// <summary>
/// Replaces a root without a moment in which two machines do not trust each other: the next root is made known, then it
/// signs, then the old one is dropped. Each step is a file more or less, so that a kill or a restart changes nothing.
/// </summary>
internal sealed class RootRotation(RootPaths paths, string commonName, TimeProvider time)
{
    /// <summary>
    /// Machines ask once a day what to trust; one that was off for a night or a weekend hears of the next root too.
    /// </summary>
    public static TimeSpan Announcement { get; } = TimeSpan.FromDays(3);

    public static RootRotation Of(Bsroot bsroot, RootName root, TimeProvider time) =>
        new(bsroot.PathsOf(root), root.CommonName(), time);

    /// <exception cref="PkiException">A root file cannot be read.</exception>
    public RotationStage Stage => SwitchBegun ? RotationStage.Overlapping
        : File.Exists(paths.Next) ? RotationStage.Announced
        : File.Exists(paths.Old) ? RotationStage.Overlapping
        : RotationStage.None;

    /// <summary>
    /// When every machine that is on will have heard of the next root; only while it is <see cref="RotationStage.Announced"/>.
    /// </summary>
    public DateTimeOffset KnownAt => new DateTimeOffset(File.GetLastWriteTimeUtc(paths.Next), TimeSpan.Zero) + Announcement;

    /// <summary>The switch was ordered, and we were killed before it was done.</summary>
    private bool SwitchBegun => File.Exists(paths.Next) && File.Exists(paths.Old)
        && Thumbprint(paths.Certificate) is { } signing
        && (Thumbprint(paths.Old) == signing || Thumbprint(paths.Next) == signing);

    /// <summary>Makes the next root. It is trusted from now on, and signs nothing yet.</summary>
    /// <exception cref="PkiException">A change of root is under way already, or there is no root to change.</exception>
    public void Announce()
    {
        Require(RotationStage.None, "a change of this root is already under way");
        if (!File.Exists(paths.Key))
        {
            throw new PkiException($"there is no {paths.Key}: the first root is made by 'bootstrapper serve'");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = NewRoot.SelfSigned(commonName, key, time.GetUtcNow());
        Bsroot.Write(paths.Next, NewRoot.KeyAndCertificate(key, root), Bsroot.SecretFile);
    }

    /// <summary>Whether the next root, if it is constrained to some names, may sign for all that it will be asked for.</summary>
    /// <param name="profiles">Asked only when it is constrained.</param>
    /// <exception cref="PkiException">It may not, or cannot sign at all.</exception>
    public void RequireNames(Func<IEnumerable<LeafProfile>> profiles)
    {
        using var next = RootCheck.Certificate(paths.Next, time.GetUtcNow());
        RootConstraints.Of(RootCheck.Parsed(next))?.Require(paths.Next, profiles());
    }

    /// <summary>The next root signs from now on; the old one is trusted, and its key is gone.</summary>
    /// <exception cref="PkiException">No next root was announced, or what lies there cannot sign.</exception>
    public void Switch()
    {
        Require(RotationStage.Announced, "there is no next root");
        using var next = RootCheck.Certificate(paths.Next, time.GetUtcNow());
        RootCheck.WithKey(next, paths.Next).Dispose();
        Bsroot.Write(paths.Old, CertificateAlone(paths.Certificate));
        FinishSwitch();
    }

    /// <summary>Does what is left of a switch that was cut short; nothing when there was none.</summary>
    public void FinishSwitch()
    {
        if (SwitchBegun)
        {
            BringPassphrase();
            Bsroot.Write(paths.Key, RootCheck.ReadFile(paths.Next), Bsroot.SecretFile);
            Bsroot.Write(paths.Certificate, CertificateAlone(paths.Next));
            Bsroot.Remove(Passphrase.FileOf(paths.Next));
            Bsroot.Remove(paths.Next);
        }
    }

    /// <summary>The old root is trusted no longer: what it signed is worth nothing.</summary>
    /// <exception cref="PkiException">No old root is trusted.</exception>
    public void Finish()
    {
        Require(RotationStage.Overlapping, "the next root does not sign yet");
        FinishSwitch();
        Bsroot.Remove(paths.Old);
    }

    /// <summary>Where the next root's key is locked with a passphrase, its place becomes that of the key's.</summary>
    private void BringPassphrase()
    {
        if (File.Exists(Passphrase.FileOf(paths.Next)))
        {
            Bsroot.Write(Passphrase.FileOf(paths.Key), RootCheck.ReadOctets(Passphrase.FileOf(paths.Next)), Bsroot.SecretFile);
        }
    }

    /// <summary>Without the key that stands beside it in the next root's file, and may in one of an operator's own.</summary>
    private static string CertificateAlone(string file) =>
        RootCheck.Certificates(RootCheck.ReadFile(file))[0].ExportCertificatePem() + "\n";

    private void Require(RotationStage stage, string otherwise)
    {
        if (Stage != stage)
        {
            throw new PkiException($"{otherwise}: {paths.Certificate} is {Stage.Describe()}");
        }
    }

    private static string? Thumbprint(string file) => File.Exists(file)
        ? RootCheck.Certificates(RootCheck.ReadFile(file)).FirstOrDefault()?.GetCertHashString(HashAlgorithmName.SHA256)
        : null;
}

/// <summary>How far a change of root has come.</summary>
internal enum RotationStage
{
    None,

    /// <summary>The next root is trusted and signs nothing.</summary>
    Announced,

    /// <summary>The new root signs, and the old one is still trusted.</summary>
    Overlapping,
}

/// <summary>Stages in words.</summary>
internal static class RotationStages
{
    public static string Describe(this RotationStage stage) => stage switch
    {
        RotationStage.Announced => "signing; the next root is trusted but does not sign yet",
        RotationStage.Overlapping => "the new root; the one before it is still trusted",
        _ => "the only root",
    };
}
