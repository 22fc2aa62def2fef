using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering;

/// <summary>What live systems run beside install.sh: the same for every machine, and without a secret.</summary>
internal static class LiveScripts
{
    /// <summary>Between two questions of a machine whether it has become a node.</summary>
    private const int WaitSeconds = 5;

    /// <summary>Tells what is in a machine.</summary>
    /// <exception cref="RenderingException">The template is broken.</exception>
    public static string Facts(ClusterDescription cluster, TemplateSet templates) =>
        templates.Render("facts.sh.template", new { Url = Urls.Base(cluster) });

    /// <summary>
    /// For the live system that the operator signed, once for all machines: finds out which machine it is on, and asks what that
    /// is to do.
    /// </summary>
    /// <exception cref="RenderingException">The template is broken.</exception>
    public static string Start(ClusterDescription cluster, TemplateSet templates) =>
        templates.Render(
            "start.sh.template",
            new { Url = Urls.Base(cluster), PauseSeconds = (int)Wait.Pause.TotalSeconds, Loaders.StartOrder.End });

    /// <summary>
    /// For machines that the description does not name: tells what is in them, and waits for somebody to enrol them.
    /// </summary>
    /// <exception cref="RenderingException">The template is broken.</exception>
    public static string Discover(ClusterDescription cluster, TemplateSet templates) =>
        templates.Render("discover.sh.template", new { Url = Urls.Base(cluster), WaitSeconds });
}
