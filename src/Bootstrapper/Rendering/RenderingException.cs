using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>A template, most likely one of the operator's, could not be rendered, or gave something that is not what it should be.</summary>
/// <param name="template">Name of the template, such as <c>cloud-config.template</c>.</param>
internal sealed class RenderingException(string template, Position? position, string message, Exception? cause = null)
    : Exception($"cannot render {template}: {message}", cause)
{
    public string Template { get; } = template;

    /// <param name="node">The node it was rendered for; empty where it is rendered once for all.</param>
    public Problem ToProblem(string node) =>
        Problem.Error(node, message) with { File = Template, Position = position };
}
