namespace Bootstrapper.Doctor;

/// <summary>All that the doctor looks at. Every check says something, also when all is well; none changes anything.</summary>
internal static class Examination
{
    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(HostAddress.Name, HostAddress.Check),
        new(LinkMtu.Name, LinkMtu.Check),
        new(PortsTaken.Name, PortsTaken.Check),
        new(Firewall.Name, Firewall.CheckAsync),
        new(OtherDhcpServers.Name, OtherDhcpServers.CheckAsync),
        new(RelayRouters.Name, RelayRouters.CheckAsync),
        new(DuplicateAddresses.Name, DuplicateAddresses.CheckAsync),
        new(DiskSpace.Name, DiskSpace.Check),
        new(HostClock.Name, HostClock.Check),
        new(TimeServers.Name, TimeServers.CheckAsync),
        new(GivenRoots.Name, GivenRoots.Check),
        new(SecretFiles.Name, SecretFiles.Check),
        new(SigningKeyExpiry.Name, SigningKeyExpiry.Check),
        new(CertificateExpiry.Name, CertificateExpiry.Check),
        new(MissingImages.Loaders, MissingImages.CheckLoaders),
        new(MissingImages.Releases, MissingImages.CheckReleases),
    ];

    /// <summary>Takes some five seconds: that is how long DHCP servers are given to answer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was asked for.</exception>
    public static async Task<IReadOnlyList<Finding>> OfAsync(Patient patient, CancellationToken cancellation)
    {
        var findings = await Task.WhenAll(Checks.Select(check => check.MakeAsync(patient, cancellation)));
        return [.. findings.SelectMany(found => found)];
    }
}
