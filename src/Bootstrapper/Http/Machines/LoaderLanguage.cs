using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>How a boot loader is told what to do.</summary>
/// <param name="Network">Boots over the network.</param>
/// <param name="LocalDisk">Leaves it to the machine's own disk; the argument is what the machine is called.</param>
/// <param name="Waiting">Shows why, waits, and asks again.</param>
internal sealed record LoaderLanguage(
    Func<NetBoot, string> Network, Func<string, string> LocalDisk, Func<Node, ClusterDescription, Wait, string> Waiting)
{
    /// <summary>Asks the loader for what it knows of the memory; <c>null</c> for one that knows nothing.</summary>
    public Func<string>? AskForMemory { get; init; }

    /// <summary>
    /// What to do with a loader that just said that it cannot start the kernel; <c>null</c> for others.
    /// </summary>
    public OtherLoader? OtherLoader { get; init; }
}

/// <param name="Script">Loads another in its place.</param>
/// <param name="Waiting">As <see cref="LoaderLanguage.Waiting"/>, for a machine that is no node: what it is called.</param>
internal sealed record OtherLoader(string Script, Func<string, Wait, string> Waiting);
