using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Boot;

/// <summary>What a machine that asks says of itself.</summary>
/// <param name="Uuid"><c>null</c> where it does not say.</param>
/// <param name="Card">The network card that it boots from; likewise.</param>
/// <param name="Counts">
/// Whether the machine itself asks to be told, and not somebody else or about the answer's length or signature.
/// </param>
internal sealed record BootQuestion(BootHardware Hardware, Guid? Uuid, MacAddress? Card, bool Counts)
{
    /// <summary>Nobody asks.</summary>
    public static readonly BootQuestion Silent = new(BootHardware.Unknown, Uuid: null, Card: null, Counts: false);

    /// <summary>Address of whoever asks; <c>null</c> where nobody does.</summary>
    public IPAddress? From { get; init; }

    /// <summary>Whether its loader has the kernel that it was given and cannot start it.</summary>
    public bool Unable { get; init; }

    /// <summary>
    /// What a matchbox directory goes by, for a machine that is no node; <c>null</c> where it is not to be asked.
    /// </summary>
    public MachineRequest? Shown { get; init; }

    /// <summary>Whether it named itself by what is no name: then it is nobody, and no new machine.</summary>
    public bool IsMalformed { get; init; }
}
