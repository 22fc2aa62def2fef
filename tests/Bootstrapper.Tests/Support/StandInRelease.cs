using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// Files by the names of a release, for tests in which nothing boots from them: without a release the program is not ready, and
/// without Kubernetes it warns.
/// </summary>
internal static class StandInRelease
{
    public const string Version = "4593.2.5";

    public static void Put(Bsroot bsroot)
    {
        var names = ReleaseFiles.Of(OperatingSystemName.Flatcar);
        foreach (var name in new[] { names.Kernel, names.Initrd, names.Image })
        {
            Bsroot.Write(Path.Combine(bsroot.Www, "stable", Version, name), "stand-in");
        }

        foreach (var name in new[] { "SHA256SUMS", "kubelet", "kubectl" })
        {
            Bsroot.Write(Path.Combine(bsroot.Www, "static/kubernetes/1.35.0/amd64", name), "stand-in");
        }

        Bsroot.Link(Path.Combine(bsroot.Www, "stable/current"), Version);
    }
}
