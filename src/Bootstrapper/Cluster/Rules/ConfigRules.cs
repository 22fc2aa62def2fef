using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>In which language machines are told what to become.</summary>
internal static class ConfigRules
{
    /// <summary>The last Ignition of CoreOS, 0.35, read version 2 and nothing newer.</summary>
    public static IEnumerable<Problem> IgnitionIsReadByTheOperatingSystem(Draft draft)
    {
        if (draft.Cluster.Get(OperatingSystemKeys.Name)?.Value != OperatingSystemName.CoreOS)
        {
            return [];
        }

        var stated = draft.Profiles.Concat(draft.Nodes.Select(node => node.Own)).Select(traits => traits.Given(TraitKeys.Config))
            .Append(draft.Cluster.Get(OperatingSystemKeys.Config));
        return stated.OfType<Stated<ConfigFormat>>()
            .Where(config => config.Value == ConfigFormat.Ignition)
            .Select(config => config.Error("ignition needs Flatcar: CoreOS reads no Ignition config of version 3"))
            .Concat(
                from node in draft.Nodes
                let mac = node.Own.Given(NodeKeys.Mac)
                where mac is not null && OwnIgnition(node) is not null
                select mac.Error("has an Ignition config for a template, which CoreOS cannot read"));
    }

    public static IEnumerable<Problem> OwnIgnitionIsGivenAsIgnition(Draft draft) =>
        from node in draft.Nodes
        let template = OwnIgnition(node)
        let config = node.Whole?.Given(TraitKeys.Config)
        where template is not null && config is { Value: ConfigFormat.CloudConfig }
        select config.Error($"cloud-config contradicts template: {template} is an Ignition config");

    private static string? OwnIgnition(NodeDraft node) =>
        node.Whole?.Value(TraitKeys.Template) is { } template && Traits.IsIgnition(template) ? template : null;
}
