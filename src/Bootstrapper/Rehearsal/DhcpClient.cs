using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;

namespace Bootstrapper.Rehearsal;

/// <summary>DHCP of one machine.</summary>
internal sealed class DhcpClient(DhcpCable cable, MacAddress card, Guid uuid)
{
    /// <returns><c>null</c> where nobody answered as long as the machine waits.</returns>
    public async Task<DhcpGrant?> AskAsync(DhcpVoice voice, Phase phase, CancellationToken cancellation)
    {
        var began = Phase.Begin();
        foreach (var seconds in voice.Patience)
        {
            // a little more or less, that machines which are alike do not stay in step (RFC 2131, 4.1)
            var patience = TimeSpan.FromSeconds(seconds + Random.Shared.NextDouble() - 0.5);
            if (await AskAsync(voice, patience, cancellation) is { } grant)
            {
                phase.End(began);
                return grant;
            }

            phase.Retry();
        }

        phase.Fail();
        return null;
    }

    private async Task<DhcpGrant?> AskAsync(DhcpVoice voice, TimeSpan patience, CancellationToken cancellation)
    {
        var transaction = (uint)Random.Shared.NextInt64(uint.MaxValue);
        var offered = Read(
            await cable.AskAsync(card, transaction, question => Discover(question, voice), patience, cancellation),
            DhcpMessageType.Offer);
        return offered is null ? null : Read(
            await cable.AskAsync(card, transaction, question => Request(question, voice, offered), patience, cancellation),
            DhcpMessageType.Ack);
    }

    private void Discover(DhcpWriter question, DhcpVoice voice)
    {
        question.Add(DhcpOptions.MessageType, (byte)DhcpMessageType.Discover);
        voice.Say(question, uuid);
    }

    private void Request(DhcpWriter question, DhcpVoice voice, DhcpGrant offered)
    {
        question.Add(DhcpOptions.MessageType, (byte)DhcpMessageType.Request);
        question.Add(DhcpOptions.ServerIdentifier, offered.Server);
        question.Add(DhcpOptions.RequestedAddress, offered.Address.ToNumber());
        voice.Say(question, uuid);
    }

    private static DhcpGrant? Read(byte[]? answer, DhcpMessageType wanted) =>
        answer is not null && DhcpReader.TryRead(answer, out var message) && message.Type == wanted
            && message.Address(DhcpOptions.ServerIdentifier) is { } server
            ? new DhcpGrant(
                Ipv4.ToAddress(message.GivenAddress), server, Ipv4.ToAddress(message.NextServer), message.BootFile)
            : null;
}

/// <summary>What DHCP gave to a machine.</summary>
/// <param name="BootFile">A name for TFTP, or a URL; empty for none.</param>
internal sealed record DhcpGrant(IPAddress Address, uint Server, IPAddress NextServer, string BootFile);
