namespace Bootstrapper.Supervision;

/// <summary>CNCF distribution as a child, under the name that Debian gives its program.</summary>
internal static class RegistryService
{
    /// <summary>Under which it logs, and is listed at <c>/readyz</c>.</summary>
    public const string Name = "registry";

    public const string Program = "docker-registry";

    /// <param name="ready">Whether it answers on the network.</param>
    public static ServiceSpec Spec(Bsroot bsroot, Func<CancellationToken, Task<bool>> ready) =>
        new(Name, Program, ["serve", bsroot.RegistryConf])
        {
            Ready = ready,
            RestartOn = ["registry.yml", Path.GetFileName(bsroot.RegistryCertificate)],
            // registry_port may become one below 1024 while we run
            Capabilities = ["net_bind_service", .. DnsmasqService.ForeignFiles],
        };
}
