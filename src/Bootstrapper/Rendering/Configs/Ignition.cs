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
        : IgnitionTranslation.Of(CloudConfig.Read(node, model, templates)).ToJson();

    private static string Own(string template, NodeModel model, TemplateSet templates)
    {
        var (json, problem) = OwnIgnition.Read(templates.Render(template, model.Scopes));
        return json ?? throw templates.Trace(template, model.Scopes).RefuseRendered([problem!]);
    }
}
