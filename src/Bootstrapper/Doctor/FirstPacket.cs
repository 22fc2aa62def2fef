using System.Net;

namespace Bootstrapper.Doctor;

/// <summary>What a machine on <paramref name="Interface"/> first sends to a port.</summary>
/// <param name="Subnet">Where it sends from; to ask for an address, it sends from none.</param>
internal sealed record FirstPacket(WantedPort Port, string Interface, IPNetwork Subnet);
