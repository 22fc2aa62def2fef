using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>A node's cloud-config, in the dialect of coreos-cloudinit: what the installed system makes itself into.</summary>
internal static class CloudConfig
{
    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static string Render(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates)
    {
        var text = templates.Render(node.Template, new NodeModel(node, shared, secrets));
        if (CloudConfigCheck.FirstProblem(text) is { } problem)
        {
            var line = text.Split('\n').ElementAtOrDefault((int)problem.Position.Line - 1) ?? "";
            throw new RenderingException(node.Template, templates.Origin(node.Template, line),
                $"line {problem.Position.Line}, column {problem.Position.Column} of what it renders to: {problem.Message}");
        }

        return text;
    }
}
