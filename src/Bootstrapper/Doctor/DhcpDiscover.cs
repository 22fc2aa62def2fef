using System.Net;
using System.Net.NetworkInformation;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;

namespace Bootstrapper.Doctor;

/// <summary>The two DHCP messages of a probe (RFC 2131, options RFC 2132).</summary>
internal static class DhcpDiscover
{
    private const int OfOptions = 100;

    /// <summary>
    /// What firmware of a PC calls itself: whoever only tells machines where to boot from answers that too (PXE 2.1).
    /// </summary>
    private static ReadOnlySpan<byte> Firmware => "PXEClient:Arch:00000:UNDI:002001"u8;

    public static byte[] Message(uint transaction, PhysicalAddress mac)
    {
        var memory = new byte[DhcpOptions.Start + OfOptions];
        var message = new DhcpWriter(memory);
        message.Begin(
            new DhcpHeader(DhcpReader.FromClient, transaction) { IsBroadcast = true }, mac.GetAddressBytes(), memory.Length);
        message.Add(DhcpOptions.MessageType, (byte)DhcpMessageType.Discover);
        message.Add(
            DhcpOptions.ParameterList, [DhcpOptions.ServerIdentifier, DhcpOptions.VendorClass, DhcpOptions.BootFile]);
        message.Add(DhcpOptions.VendorClass, Firmware);
        return memory[..message.Finish()];
    }

    /// <returns>What answered; <c>null</c> where the message is no answer to <paramref name="transaction"/>.</returns>
    public static DhcpOffer? ReadOffer(ReadOnlySpan<byte> message, uint transaction) =>
        DhcpReader.TryRead(message, out var answer) && answer.IsAnswer && answer.Transaction == transaction
            && answer.Address(DhcpOptions.ServerIdentifier) is { } server
            ? new DhcpOffer(
                Ipv4.ToAddress(server),
                Ipv4.ToAddress(answer.GivenAddress),
                answer.HasFile || answer.Option(DhcpOptions.BootFile).Length > 0)
            : null;
}

/// <param name="Address">What it would lease; 0.0.0.0 from one that only tells where to boot from.</param>
internal sealed record DhcpOffer(IPAddress Server, IPAddress Address, bool HasBootFile)
{
    public bool HasAddress => !Address.Equals(IPAddress.Any);
}
