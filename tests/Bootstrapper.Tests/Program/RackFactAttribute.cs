using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A test that needs root, for network namespaces, and the programs that run in them. With CI set, it is never skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RackFactAttribute : FactAttribute
{
    /// <summary>What such a test is skipped for the want of.</summary>
    internal const string Needs = "needs root, iproute2, ethtool, curl, busybox, dnsmasq, docker-registry, skopeo, podman, "
        + "containerd, tini, etcd, etcdctl and nft";

    public RackFactAttribute([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = Needs;
        SkipType = typeof(ExternalTools);
        SkipUnless = nameof(ExternalTools.RackPresent);
    }
}
