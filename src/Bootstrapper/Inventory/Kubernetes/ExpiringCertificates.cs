using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Kubernetes;

/// <summary>
/// The certificates of nodes, and the roots, that somebody must do something about. Reading them all takes a while in a large
/// cluster, and they change in days: they are read again after some minutes.
/// </summary>
internal sealed class ExpiringCertificates(Bsroot bsroot, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly Lock _reading = new();
    private (IReadOnlyList<CertificateStatus> Found, long At)? _last;

    /// <returns>Those of nodes that are described, by host name.</returns>
    public IReadOnlyList<CertificateStatus> Of(ClusterDescription cluster)
    {
        var names = cluster.Nodes.ToDictionary(node => node.Mac.ToString(), node => node.HostName, StringComparer.Ordinal);
        return
        [
            .. Found().Where(certificate => certificate.IsRoot() || names.ContainsKey(certificate.Owner))
                .Select(certificate => certificate with { Owner = names.GetValueOrDefault(certificate.Owner, certificate.Owner) })
                .OrderBy(certificate => certificate.NotAfter),
        ];
    }

    private IReadOnlyList<CertificateStatus> Found()
    {
        lock (_reading)
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) >= Freshness)
            {
                _last = last = (
                    [.. new PkiStatus(bsroot, time).All().Where(certificate => certificate.Health != CertificateHealth.Good)],
                    time.GetTimestamp());
            }

            return last.Found;
        }
    }
}
