using Bootstrapper.Images;
using Bootstrapper.Images.Releases;
using Bootstrapper.Images.SecureBoot;
using Bootstrapper.InForce;

namespace Bootstrapper.Doctor;

/// <summary>What machines will ask for and the data root does not have.</summary>
internal static class MissingImages
{
    public const string Loaders = "boot loaders";
    public const string Releases = "releases";

    public static IEnumerable<Finding> CheckLoaders(Patient patient)
    {
        var missing = BootLoaders.Missing(patient.Bsroot, patient.Cluster);
        var unreadable = BootLoaders.Unreadable(patient.Bsroot);
        IReadOnlyList<string> refused =
        [
            .. SignedChain.Refused(patient.Bsroot, patient.Cluster),
            .. OwnImage.Check(patient.Cluster, patient.Bsroot).Select(problem => problem.Message),
        ];
        return missing.Count + unreadable.Count + refused.Count == 0
            ? [Finding.Good(Loaders, "all are there")]
            : missing.Select(text =>
                    Finding.Error(Loaders, text, "run 'bootstrapper fetch boot': it copies those installed here"))
                .Concat(unreadable.Select(text => Finding.Error(Loaders, text, "change its mode")))
                .Concat(refused.Select(text => Finding.Error(
                    Loaders, $"{text}: a machine with Secure Boot does not get past it", "docs/secure-boot.md")));
    }

    public static IEnumerable<Finding> CheckReleases(Patient patient) =>
        new ReleaseOverview(patient.Bsroot, new CurrentSnapshot(patient.Snapshot), new ReleaseStates())
            .Channels().Select(channel => channel.Ready
                ? Finding.Good(Releases, channel.Text)
                : Finding.Error(Releases, channel.Text, "without internet: docs/offline.md"));
}
