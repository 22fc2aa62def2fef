using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>A node's Ignition config: its cloud-config in another language, or what a template of its own renders to.</summary>
internal static class Ignition
{
    /// <exception cref="RenderingException">
    /// The template is broken, or what it gave is neither a cloud-config nor an Ignition config.
    /// </exception>
    public static string Render(Node node, NodeModel model, TemplateSet templates) => node.HasOwnIgnition
        ? Own(node.Template, model, templates)
        : Write(CloudConfig.Read(node, model, templates));

    public static string Write(NodeConfig config) => IgnitionTranslation.Of(config).ToJson();

    /// <summary>Of a template of its own (<see cref="Traits.HasOwnIgnition"/>).</summary>
    /// <returns>Warnings.</returns>
    /// <exception cref="RenderingException">As for <see cref="Render"/>.</exception>
    public static IEnumerable<Problem> CheckOwn(Node node, NodeModel model, TemplateSet templates)
    {
        Own(node.Template, model, templates);
        var warnings = OwnIgnition.Warnings(templates.Render(node.Template, model.Scopes)).ToList();
        return warnings.Count == 0 ? [] : templates.Trace(node.Template, model.Scopes).RefuseRendered(warnings)
            .ToProblems(node.HostName).Select(warning => warning with { Severity = Severity.Warning });
    }

    private static string Own(string template, NodeModel model, TemplateSet templates)
    {
        var (json, problem) = OwnIgnition.Read(templates.Render(template, model.Scopes));
        return json ?? throw templates.Trace(template, model.Scopes).RefuseRendered([problem!]);
    }
}
