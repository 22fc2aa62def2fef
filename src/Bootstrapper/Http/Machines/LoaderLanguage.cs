using Bootstrapper.Boot;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>How a boot loader is told what to do.</summary>
internal sealed record LoaderLanguage
{
    /// <summary>Boots over the network.</summary>
    public required Func<NetBoot, string> Network { get; init; }

    /// <summary>Likewise, with arguments that were written for this loader.</summary>
    public required Func<NetBoot, string> AsWritten { get; init; }

    /// <summary>
    /// Leaves it to the machine's own disk; the arguments are what the machine is called, and <see cref="BootOrder.Disk"/>.
    /// </summary>
    public required Func<string, string?, string> LocalDisk { get; init; }

    /// <summary>Shows why, waits, and asks again; the first argument is what the machine is called.</summary>
    public required Func<string, Wait, string> Waiting { get; init; }

    /// <summary>
    /// What a loader does, and why, where there is nothing for its machine; <c>null</c> for one that goes on by itself.
    /// </summary>
    public Func<string, string>? Nothing { get; init; }

    /// <summary>Asks the loader for what it knows of the memory; <c>null</c> for one that knows nothing.</summary>
    public Func<string>? AskForMemory { get; init; }

    /// <summary>
    /// Loads another loader in place of one that just said that it cannot start the kernel; <c>null</c> for others.
    /// </summary>
    public string? OtherLoader { get; init; }

    /// <param name="machine">What it is called.</param>
    public string Tell(string machine, BootOrder order) => order switch
    {
        { Wait: { } wait } => Waiting(machine, wait),
        { Network: { } network, AsWritten: true } => AsWritten(network),
        { Network: { } network } => Network(network),
        _ => LocalDisk(machine, order.Disk),
    };
}
