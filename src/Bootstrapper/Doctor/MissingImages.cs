using Bootstrapper.Images;
using Bootstrapper.Images.Releases;
using Bootstrapper.Rendering;

namespace Bootstrapper.Doctor;

/// <summary>What machines will ask for and the data root does not have.</summary>
internal static class MissingImages
{
    public static IEnumerable<Finding> Check(Patient patient) => [.. Loaders(patient), .. Releases(patient)];

    private static IEnumerable<Finding> Loaders(Patient patient)
    {
        var missing = BootLoaders.Missing(patient.Bsroot, patient.Cluster);
        return missing.Count == 0
            ? [Finding.Good("boot loaders", "all are there")]
            : missing.Select(text => Finding.Error("boot loaders", text, "'bootstrapper fetch boot' puts into place what is installed here"));
    }

    private static IEnumerable<Finding> Releases(Patient patient) =>
        new ReleaseOverview(patient.Bsroot, new CurrentSnapshot(patient.Snapshot), new ReleaseStates()).Channels().Select(channel => channel.Ready
            ? Finding.Good("releases", channel.Text)
            : Finding.Error("releases", channel.Text, "without internet, bring them on a disk: docs/offline.md"));
}
