namespace Bootstrapper.Supervision;

/// <summary>CNCF distribution as a child, under the name that Debian gives its program.</summary>
internal static class RegistryService
{
    /// <summary>Under which it logs, and is listed at <c>/readyz</c>.</summary>
    public const string Name = "registry";

    public const string Program = "docker-registry";

    /// <summary>After its port, in Debian's range that nobody is given.</summary>
    public const int UserId = 65050;

    /// <param name="port">Where it listens.</param>
    /// <param name="ready">Whether it answers on the network.</param>
    /// <param name="prepare">Done to its storage before each start.</param>
    public static ServiceSpec Spec(Bsroot bsroot, int port, Func<CancellationToken, Task<bool>> ready, Action? prepare = null)
    {
        var obstacle = ChildUser.Obstacle(bsroot.Root);
        return new(Name, Program, ["serve", bsroot.RegistryConf])
        {
            Ready = ready,
            RestartOn = ["registry.yml", Path.GetFileName(bsroot.RegistryCertificate)],
            User = obstacle is null ? new ChildUser(UserId, [bsroot.RegistryStorage, bsroot.RegistryKey]) : null,
            NoUserBecause = obstacle,
            Prepare = () =>
            {
                Bsroot.MakeDirectory(bsroot.RegistryStorage);
                prepare?.Invoke();
            },
            Capabilities =
            [
                .. port < 1024 ? ["net_bind_service"] : Array.Empty<string>(),
                .. obstacle is null ? [] : DnsmasqService.ForeignFiles,
            ],
        };
    }
}
