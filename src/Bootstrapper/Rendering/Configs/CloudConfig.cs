using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// A node's cloud-config, in the dialect of coreos-cloudinit: what the installed system makes itself into. What its template
/// renders to is read, and written anew: whatever a template does, what leaves here is one dialect of one language.
/// </summary>
internal static class CloudConfig
{
    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static string Render(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates) => CloudConfigWriter.Write(
        Read(node, shared, secrets, templates),
        $"Rendered by bootstrapper from cluster-desc.yml for {node.HostName} ({node.Mac}). It holds that node's key: keep it there.");

    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static NodeConfig Read(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates) =>
        Read(node, Text(node, shared, secrets, templates), templates);

    /// <summary>As <see cref="Read(Node, ClusterModel, NodeSecrets, TemplateSet)"/>, once for all nodes whose configs are the same but for who they are.</summary>
    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static void Check(Node node, ClusterModel shared, TemplateSet templates, SoundConfigs sound)
    {
        var text = Text(node, shared, NodeSecrets.Specimen, templates);
        sound.Check(node, text, () => Read(node, text, templates));
    }

    private static string Text(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates) =>
        node.HasDollarTemplate ? DollarTemplate.Render(templates.Source(node.Template), node)
        : templates.Render(node.Template, new NodeModel(node, shared, secrets, templates));

    private static NodeConfig Read(Node node, string text, TemplateSet templates)
    {
        var (config, problems) = CloudConfigReader.Read(text);
        return config ?? throw new RenderingException(node.Template, [.. problems.Select(problem => Mistake(problem, text, node, templates))]);
    }

    private static Mistake Mistake(Problem problem, string text, Node node, TemplateSet templates)
    {
        var at = problem.Position!.Value;
        var line = text.Split('\n').ElementAtOrDefault((int)at.Line - 1) ?? "";
        var message = problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}";
        var origin = node.HasDollarTemplate ? at : templates.Origin(node.Template, line);
        return new Mistake(origin, $"line {at.Line}, column {at.Column} of what it renders to: {message}");
    }
}
