using Bootstrapper.Model;

namespace Bootstrapper.Matchbox;

/// <summary>
/// bootcfg's first way to keep files: <c>boot/uuid/…</c>, <c>boot/mac/…</c>, <c>boot/default</c>, and cloud-configs likewise
/// under <c>cloud/</c>. They are no templates.
/// </summary>
internal sealed class FirstStore(IReadOnlyDictionary<string, NetBoot> boot, IReadOnlyDictionary<string, string> cloud)
{
    public const string Default = "default";

    /// <summary>By <see cref="Key"/>.</summary>
    public IReadOnlyDictionary<string, NetBoot> Boots => boot;

    public IReadOnlyDictionary<string, string> Clouds => cloud;

    public NetBoot? Boot(MachineRequest request) => Find(boot, request);

    public string? Cloud(MachineRequest request) => Find(cloud, request);

    /// <param name="directory">Under <c>boot</c> or <c>cloud</c>: <c>uuid</c> or <c>mac</c>.</param>
    /// <param name="name">A UUID in either case; a MAC address with colons, or with dashes where colons cannot be.</param>
    public static string Key(string directory, string name) =>
        $"{directory}/{(Cluster.MacAddress.TryParse(name, null, out var mac) ? mac.ToString() : name.ToLowerInvariant())}";

    private static T? Find<T>(IReadOnlyDictionary<string, T> files, MachineRequest request)
        where T : class => new[] { MachineRequest.Uuid, MachineRequest.Mac }
        .Where(request.Labels.ContainsKey)
        .Select(label => files.GetValueOrDefault(Key(label, request.Labels[label])))
        .FirstOrDefault(file => file is not null) ?? files.GetValueOrDefault(Default);
}
