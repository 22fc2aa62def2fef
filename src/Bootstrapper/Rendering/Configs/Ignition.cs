using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>A node's Ignition config: its cloud-config in another language, or what a template of its own renders to.</summary>
internal static class Ignition
{
    /// <exception cref="RenderingException">The template is broken, or what it gave is neither a cloud-config nor an Ignition config.</exception>
    public static string Render(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates) => node.HasOwnIgnition
        ? Own(node, templates.Render(node.Template, new NodeModel(node, shared, secrets, templates)), templates)
        : IgnitionTranslation.Of(CloudConfig.Read(node, shared, secrets, templates)).ToJson();

    private static string Own(Node node, string text, TemplateSet templates)
    {
        var (json, problem) = OwnIgnition.Read(text);
        if (json is not null)
        {
            return json;
        }

        var at = problem!.Position!.Value;
        var line = text.Split('\n').ElementAtOrDefault((int)at.Line - 1) ?? "";
        throw new RenderingException(node.Template, templates.Origin(node.Template, line), $"line {at.Line}, column {at.Column} of what it renders to: {problem.Message}");
    }
}
