namespace Bootstrapper.Doctor;

/// <summary>All that the doctor looks at. Every check says something, also when all is well; none changes anything.</summary>
internal static class Examination
{
    private static readonly IReadOnlyList<Func<Patient, CancellationToken, Task<IReadOnlyList<Finding>>>> Checks =
    [
        AtOnce(HostAddress.Check),
        AtOnce(LinkMtu.Check),
        AtOnce(PortsTaken.Check),
        Firewall.CheckAsync,
        OtherDhcpServers.CheckAsync,
        DuplicateAddresses.CheckAsync,
        AtOnce(DiskSpace.Check),
        AtOnce(HostClock.Check),
        AtOnce(CertificateExpiry.Check),
        AtOnce(MissingImages.Check),
    ];

    /// <summary>Takes some five seconds: that is how long DHCP servers are given to answer.</summary>
    public static async Task<IReadOnlyList<Finding>> OfAsync(Patient patient, CancellationToken cancellation)
    {
        var findings = await Task.WhenAll(Checks.Select(check => check(patient, cancellation)));
        return [.. findings.SelectMany(found => found)];
    }

    private static Func<Patient, CancellationToken, Task<IReadOnlyList<Finding>>> AtOnce(Func<Patient, IEnumerable<Finding>> check) =>
        (patient, _) => Task.FromResult<IReadOnlyList<Finding>>([.. check(patient)]);
}
