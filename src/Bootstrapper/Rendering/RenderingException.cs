using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// A template, most likely one of the operator's, could not be rendered, or gave something that is not what it should be.
/// </summary>
/// <param name="template">Name of the template, such as <c>cloud-config.template</c>.</param>
/// <param name="mistakes">One or more.</param>
internal sealed class RenderingException(string template, IReadOnlyList<Mistake> mistakes, Exception? cause = null)
    : Exception($"cannot render {template}: {string.Join("; ", mistakes.Select(mistake => mistake.Message))}", cause)
{
    public RenderingException(string template, Position? position, string message, Exception? cause = null)
        : this(template, [new Mistake(position, message)], cause)
    {
    }

    public string Template { get; } = template;

    /// <summary>Whether it took as long as a template may take, so that nobody wants to see it fail for every node.</summary>
    public bool IsRunaway { get; init; }

    /// <param name="node">The node it was rendered for; empty where it is rendered once for all.</param>
    public IEnumerable<Problem> ToProblems(string node) =>
        mistakes.Select(mistake => Problem.Error(node, mistake.Message) with { File = Template, Position = mistake.Position });
}

/// <param name="Position">In the template; <c>null</c> where it cannot be told.</param>
internal sealed record Mistake(Position? Position, string Message);
