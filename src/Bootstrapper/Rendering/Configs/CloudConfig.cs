using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// A node's cloud-config, in the dialect of coreos-cloudinit: what the installed system makes itself into. What its template
/// renders to is read, and written again: whatever a template does, what leaves here is one dialect of one language.
/// </summary>
internal static class CloudConfig
{
    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static string Render(Node node, NodeModel model, TemplateSet templates) => Write(Read(node, model, templates), model);

    public static string Write(NodeConfig config, NodeModel model) => CloudConfigWriter.Write(
        config,
        $"Rendered by bootstrapper from cluster-desc.yml for {model.Hostname} ({model.Mac}). "
            + "It holds that node's key: keep it there.");

    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static NodeConfig Read(Node node, NodeModel model, TemplateSet templates) =>
        Named(model, Read(Text(node, model, templates), () => Trace(node, model, templates)));

    /// <summary>Where only <c>/etc/hosts</c> is to have the host name, coreos-cloudinit takes the one that DHCP gave.</summary>
    private static NodeConfig Named(NodeModel model, NodeConfig config) =>
        config is { ManagesEtcHosts: true, HostName: null } ? config with { HostName = model.Hostname } : config;

    /// <summary>
    /// As <see cref="Read(Node, NodeModel, TemplateSet)"/>, once for all nodes whose configs are the same but for who they are.
    /// </summary>
    /// <param name="described">Settings that the description was warned of already.</param>
    /// <returns>Warnings.</returns>
    /// <exception cref="RenderingException">The template is broken, or what it gave is not a cloud-config.</exception>
    public static IReadOnlyList<Problem> Check(
        Node node, NodeModel model, TemplateSet templates, SoundConfigs sound, UpdateSettings described)
    {
        var text = Text(node, model, templates);
        var warnings = new List<Problem>();
        sound.Check(node, text, () =>
        {
            var reading = Reading(text, Traced);
            var isDescribed = CoreOSUpdateKeys.Described(reading.Config!.Updates) == described;
            if (reading.Warnings.Concat(isDescribed ? [] : reading.UpdateWarnings).ToList() is { Count: > 0 } told)
            {
                warnings.AddRange(Traced().RefuseRendered(told).ToProblems(node.HostName));
            }

            warnings.AddRange(LinksAreTold(node, model, reading.Config));
        });
        return [.. warnings.Select(warning => warning with { Severity = Severity.Warning })];

        RenderedText Traced() => Trace(node, model, templates);
    }

    /// <summary>A template of the operator's may be older than the links of the description.</summary>
    private static IEnumerable<Problem> LinksAreTold(Node node, NodeModel model, NodeConfig config) =>
        (from file in model.NetworkFiles ?? []
         where config.Files.All(written => written.Path != file.Path)
         select Problem.Warning(node.HostName, $"does not write {file.Path}: what network.links says is not told to the machine; "
             + "loop over NetworkFiles as the shipped template does") with
         {
             File = node.Template,
         }).Take(1);

    /// <summary>Whether a word stands in the host name and in what files and units hold, and nowhere else.</summary>
    public static bool HasOnlyInContents(string word, NodeConfig config) => !CloudConfigWriter.Write(
        config with
        {
            HostName = null,
            Files = [.. config.Files.Select(file => file.Encoding == ContentEncoding.Text ? file with { Content = "" } : file)],
            Units =
            [
                .. config.Units.Select(unit => unit with
                {
                    Content = null,
                    DropIns = [.. unit.DropIns.Select(dropIn => dropIn with { Content = "" })],
                }),
            ],
        },
        "").Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string Text(Node node, NodeModel model, TemplateSet templates) => node.HasDollarTemplate
        ? DollarTemplate.Render(templates.Source(node.Template), node)
        : templates.Render(node.Template, model.Scopes);

    /// <summary>
    /// In pxe_coreos' templates variables stand for one another on their line; for a place that is good enough.
    /// </summary>
    private static RenderedText Trace(Node node, NodeModel model, TemplateSet templates) => node.HasDollarTemplate
        ? RenderedText.AsItStands(node.Template, Text(node, model, templates))
        : templates.Trace(node.Template, model.Scopes);

    private static NodeConfig Read(string text, Func<RenderedText> trace) => Reading(text, trace).Config!;

    private static ConfigReading Reading(string text, Func<RenderedText> trace)
    {
        var reading = CloudConfigReader.Read(text);
        return reading.Config is null ? throw trace().RefuseRendered(reading.Problems) : reading;
    }
}
