using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>In which language machines are told what to become.</summary>
internal static class ConfigRules
{
    /// <summary>The last Ignition of CoreOS, 0.35, read version 2 and nothing newer.</summary>
    public static IEnumerable<Problem> IgnitionIsReadByTheOperatingSystem(Draft draft)
    {
        if (draft.Os.Name?.Value != OperatingSystemName.CoreOS)
        {
            return [];
        }

        var stated = draft.Profiles.Select(profile => profile.Traits.Config)
            .Concat(draft.Nodes.Select(node => node.Traits.Config)).Append(draft.Os.Config);
        return stated.OfType<Stated<ConfigFormat>>()
            .Where(config => config.Value == ConfigFormat.Ignition)
            .Select(config => config.Error("ignition needs Flatcar: CoreOS reads no Ignition config of version 3"))
            .Concat(draft.Nodes.Where(node => node.Mac is not null && draft.TraitsOf(node) is { HasOwnIgnition: true })
                .Select(node => node.Mac!.Error("has an Ignition config for a template, which CoreOS cannot read")));
    }

    public static IEnumerable<Problem> OwnIgnitionIsGivenAsIgnition(Draft draft) =>
        from node in draft.Nodes
        let traits = draft.TraitsOf(node)
        where traits is { HasOwnIgnition: true, Config.Value: ConfigFormat.CloudConfig }
        select traits!.Config!.Error($"cloud-config contradicts template: {traits.Template} is an Ignition config");
}
