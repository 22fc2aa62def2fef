namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// Makes a description of a draft in which nothing is wrong, filling in what follows from other values. Whatever is required
/// is there: its absence would have been an error.
/// </summary>
internal static class Completion
{
    public static ClusterDescription Complete(Draft draft) => new()
    {
        Bootstrapper = draft.Network.Bootstrapper!.Value,
        Interface = draft.Network.Interface?.Value,
        Network = Complete(draft.Network),
        Dhcp = Complete(draft.Dhcp),
        Ports = draft.Network.Ports is [var http, var https, var registry]
            ? new Ports(http.Value, https.Value, registry.Value)
            : new Ports(),
        RegistryPush = draft.Network.RegistryPush!.Value,
        OperatorsFrom = [.. draft.Network.OperatorsFrom.Select(network => network.Value)],
        DomainName = draft.Network.DomainName!.Value,
        DockerDomain = draft.Network.DockerDomain!.Value,
        Os = Complete(draft.Os),
        Updates = new UpdateSettings(draft.Os.RebootStrategy!.Value, draft.Os.WindowStart?.Value, draft.Os.WindowLength?.Value),
        Kubernetes = Complete(draft.Kubernetes, draft.Network.DomainName.Value),
        SshAuthorizedKeys = draft.SshAuthorizedKeys,
        Images = draft.Images,
        BootLoader = draft.BootLoader!.Value,
        UnknownNodes = draft.UnknownNodes!.Value,
        Secrets = draft.Secrets!.Value,
        Profiles = [.. draft.Profiles.Select(Complete)],
        Nodes = [.. draft.Nodes.Select(node => Complete(node, draft.TraitsOf(node)!, draft))],
    };

    private static Network Complete(NetworkDraft network) => new()
    {
        Subnet = network.Subnet!.Value,
        Broadcast = network.Broadcast?.Value ?? network.Subnet.Value.Last(),
        Routers = [.. network.Routers.Select(router => router.Value)],
        NameServers = network.NameServers is [] ? [network.Bootstrapper!.Value] : Values(network.NameServers),
        UpstreamNameServers = network.UpstreamNameServers,
        NtpServers = network.NtpServers is { } servers ? Values(servers) : (network.SetNtp ? [network.Bootstrapper!.Value] : []),
    };

    private static DhcpSettings Complete(DhcpDraft dhcp) => new()
    {
        Mode = dhcp.Mode!.Value,
        Range = dhcp.Mode == DhcpMode.Server ? new DhcpRange(dhcp.Low!.Value, dhcp.High!.Value) : null,
        Lease = dhcp.Lease!.Value,
    };

    private static OperatingSystemSettings Complete(OperatingSystemDraft os) => new()
    {
        Name = os.Name!.Value,
        Channel = os.Channel!.Value,
        Version = os.Version!.Value,
        Mirrors = os.Mirrors,
        Transcoding = os.Transcoding!.Value,
        KernelArguments = os.KernelArguments,
        SigningKey = os.SigningKey,
        InstallMethod = os.InstallMethod!.Value,
        Image = os.InstallMethod.Value == InstallMethod.Raw
            ? new RawImage(os.Image!.Path!.Value, os.Image.Sha256!.Value.ToLowerInvariant())
            : null,
        ReleaseUpdates = new ReleaseUpdates(os.UpdateEnabled!.Value, os.UpdateInterval!.Value, os.UpdateKeep!.Value),
    };

    private static KubernetesSettings Complete(KubernetesDraft kubernetes, string domain) => new()
    {
        Version = kubernetes.Version!.Value,
        Install = kubernetes.Install!.Value,
        PodCidr = kubernetes.PodCidr!.Value,
        ServiceCidr = kubernetes.ServiceCidr!.Value,
        ClusterDns = kubernetes.ClusterDns!.Value,
        ClusterName = kubernetes.ClusterName!.Value,
        ApiEndpoint = kubernetes.ApiEndpoint?.Value ?? $"kubernetes.{domain}",
        Cni = kubernetes.Cni!.Value,
        IngressHostNetwork = kubernetes.IngressHostNetwork!.Value,
        FeatureGates = kubernetes.FeatureGates,
        ExtraArgs = kubernetes.ExtraArgs.ToDictionary(
            program => program.Key, program => (IReadOnlyList<string>)Values(program.Value), StringComparer.Ordinal),
        ApiAddresses = kubernetes.ApiAddresses,
        ApiNames = kubernetes.ApiNames,
        FlannelBackend = kubernetes.FlannelBackend!.Value,
    };

    private static Profile Complete(ProfileDraft profile) => new(profile.Name!.Value, profile.Quantity)
    {
        Tags = profile.Tags,
        Channel = profile.Traits.Channel,
        Template = profile.Traits.Template,
        Generic = profile.Traits.Generic,
        Config = profile.Traits.Config?.Value,
        InstallDisk = profile.Traits.InstallDisk?.Path,
        DiskSelector = profile.Traits.InstallDisk?.Selector?.Value,
        Wipe = profile.Traits.Wipe,
        Boot = profile.Traits.Boot is { } boot ? Complete(boot) : null,
        BootLoader = profile.Traits.BootLoader,
        KernelArguments = profile.Traits.KernelArguments,
        Roles = profile.Traits.Roles,
        Labels = profile.Traits.Labels,
        Variables = profile.Traits.Variables,
    };

    private static BootSettings Complete(BootDraft boot) => new(boot.Kernel!.Value, Values(boot.Initrd), Values(boot.Args))
    {
        MemoryOnly = boot.MemoryOnly!.Value,
    };

    private static T[] Values<T>(IEnumerable<Stated<T>> stated) => [.. stated.Select(value => value.Value)];

    private static Node Complete(NodeDraft node, Traits traits, Draft draft) => new()
    {
        Mac = node.Mac!.Value,
        HostName = node.HostName?.Value ?? node.Mac.Value.ToHyphenated(),
        Ip = node.Ip?.Value,
        Uuid = node.Uuid?.Value,
        Serial = node.Serial?.Value,
        Profile = node.Profile?.Value,
        Channel = traits.Channel ?? draft.Os.Channel!.Value,
        Template = traits.Template ?? Node.DefaultTemplate,
        HasDollarTemplate = node.HasDollarTemplate,
        Generic = traits.Generic,
        Config = traits.ConfigFormat ?? draft.Os.Config!.Value,
        InstallDisk = traits.InstallDisk?.Path,
        DiskSelector = traits.InstallDisk?.Selector?.Value,
        Wipe = traits.Wipe ?? false,
        Boot = traits.Boot is { } boot ? Complete(boot) : null,
        BootLoader = traits.BootLoader ?? draft.BootLoader!.Value,
        KernelArguments = [.. draft.Os.KernelArguments, .. traits.KernelArguments],
        Roles = traits.Roles,
        FlannelInterface = node.FlannelInterface,
        Labels = traits.Labels,
        Bmc = node.Bmc,
        Variables = traits.Variables,
    };
}
