using System.Net.Sockets;
using Bootstrapper.Cluster;

namespace Bootstrapper.Doctor;

/// <summary>A second DHCP server on the wire: machines take the first offer, and boot from us only some of the time.</summary>
internal static class OtherDhcpServers
{
    public const string Name = "other DHCP servers";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        if (patient.Interface is not { } serving)
        {
            return [];
        }

        try
        {
            var offers = await DhcpProbe.OffersAsync(serving.Name, cancellation);
            return Judge(
                patient.Cluster.Dhcp.Mode,
                serving.Name,
                [.. offers.Where(offer => !offer.Server.Equals(patient.Cluster.Bootstrapper))]);
        }
        catch (SocketException e)
        {
            return [Finding.Warning(
                Name,
                $"cannot ask on {serving.Name}: {e.Message}",
                "stop the DHCP client on that interface, and run the doctor as root")];
        }
    }

    private static IReadOnlyList<Finding> Judge(DhcpMode mode, string networkInterface, IReadOnlyList<DhcpOffer> others) =>
        mode switch
        {
            DhcpMode.Server when others.Count == 0 => [Finding.Good(Name, $"none answered on {networkInterface}")],
            DhcpMode.Server => [.. others.Select(other => Finding.Error(
                Name, $"{other.Server} answers on {networkInterface} too{Offer(other)}", "switch it off there, "
                    + "or set 'dhcp: proxy' to work beside it"))],
            _ when !others.Any(other => other.HasAddress) => [Finding.Error(
                Name, $"no server gives addresses on {networkInterface}", "start the one that should, "
                    + "or set 'dhcp: server'")],
            DhcpMode.Proxy => [.. others.Select(Beside)],
            _ => [.. others.Select(other => Finding.Good(Name, $"{other.Server} gives addresses on {networkInterface}"))],
        };

    private static Finding Beside(DhcpOffer other) => other.HasBootFile
        ? Finding.Warning(
            Name,
            $"{other.Server} tells machines where to boot from, as we do",
            "remove the boot file name from its configuration")
        : Finding.Good(Name, $"{other.Server} gives addresses");

    private static string Offer(DhcpOffer other) =>
        other.HasAddress ? $", and offers {other.Address}" : ", and tells machines where to boot from";
}
