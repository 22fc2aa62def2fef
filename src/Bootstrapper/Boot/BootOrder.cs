using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>What a machine boots now.</summary>
/// <param name="Wait">Why it boots nothing yet, whatever the rest says; <c>null</c> where it may boot.</param>
/// <param name="Target">What its state asks for.</param>
/// <param name="Network"><c>null</c> where that is its own disk.</param>
internal sealed record BootOrder(Wait? Wait, BootTarget Target, NetBoot? Network)
{
    public static readonly BootOrder LocalDisk = new(Wait: null, BootTarget.LocalDisk, Network: null);

    /// <summary>
    /// Identity of the disk that we installed, where it is to start from its disk; <c>null</c> where none is known.
    /// </summary>
    public string? Disk { get; init; }

    /// <summary>Whether a matchbox directory has it so, for any loader: it is told word for word.</summary>
    public bool AsWritten { get; init; }
}
