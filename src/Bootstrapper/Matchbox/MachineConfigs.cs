using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Matchbox.Butane;
using Bootstrapper.Matchbox.GoTemplates;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Matchbox;

/// <summary>Reads the files that machines are told what to become by, each kind in its language.</summary>
internal static class MachineConfigs
{
    private const string ScriptHeader = "#!";

    /// <summary>An Ignition config (<c>.ign</c>, <c>.ignition</c>), or a template of a Butane config.</summary>
    /// <param name="file">As problems name it.</param>
    /// <exception cref="RenderingException">It is not what it should be.</exception>
    public static MachineConfig Ignition(string file, string text)
    {
        if (Node.IsIgnition(file))
        {
            var config = WrittenIgnition.Read(file, text);
            return new MachineConfig(file, text, _ => config);
        }

        var template = new GoTemplate(file, text);
        return new MachineConfig(file, text, variables => ButaneTranslation.ToIgnition(template.Render(variables)));
    }

    /// <summary>A template of a cloud-config or of a script.</summary>
    /// <exception cref="RenderingException">It is not what it should be.</exception>
    public static MachineConfig Cloud(string file, string text)
    {
        var template = new GoTemplate(file, text);
        return new MachineConfig(file, text, variables => Checked(template.Render(variables)));
    }

    /// <summary>A template of anything.</summary>
    /// <exception cref="RenderingException">It is not what it should be.</exception>
    public static MachineConfig Generic(string file, string text)
    {
        var template = new GoTemplate(file, text);
        return new MachineConfig(file, text, variables => template.Render(variables).Text);
    }

    private static string Checked(RenderedText rendered)
    {
        var isCloudConfig = CloudConfigReader.HasHeader(rendered.Text);
        if (!isCloudConfig && !rendered.Text.StartsWith(ScriptHeader, StringComparison.Ordinal))
        {
            throw new RenderingException(
                rendered.File,
                new Position(1, 1),
                $"the first line must be {CloudConfigReader.Header}, or begin with {ScriptHeader}");
        }

        List<Problem> problems = [];
        _ = isCloudConfig && !HasOnlyComments(rendered.Text) ? YamlText.Parse(rendered.Text, problems) : null;
        return problems.Count == 0 ? rendered.Text : throw rendered.Refuse(problems);
    }

    private static bool HasOnlyComments(string yaml) => yaml.Split('\n').All(line => line.Trim() is "" or ['#', ..]);
}
