using System.Collections;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Rendering.Services;
using Scriban.Runtime;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// What templates find when they begin: functions that always give the same, and models without what Scriban takes for true.
/// </summary>
public sealed class TemplateLanguageTests
{
    /// <summary>
    /// A new version of Scriban may bring a function; somebody must see that it gives the same at every time and on every
    /// machine.
    /// </summary>
    [Fact]
    public void These_are_all_the_functions_that_a_template_may_call() => Assert.Equal(
        """
        array.add array.add_range array.any array.compact array.concat array.contains array.cycle array.each
        array.filter array.first array.insert_at array.join array.last array.limit array.map array.offset
        array.remove_at array.reverse array.size array.sort array.uniq blank empty html.escape html.newline_to_br
        html.strip html.url_encode html.url_escape include include_join indent json math.abs math.ceil math.divided_by
        math.floor math.format math.is_number math.minus math.modulo math.plus math.round math.times object.default
        object.format object.from_json object.has_key object.has_value object.keys object.kind object.size
        object.to_json object.typeof object.values regex.escape regex.match regex.matches regex.replace regex.split
        regex.unescape sh string.append string.base64_decode string.base64_encode string.capitalize
        string.capitalizewords string.contains string.downcase string.empty string.ends_with string.equals_ignore_case
        string.escape string.handleize string.hmac_sha1 string.hmac_sha256 string.hmac_sha512 string.index_of
        string.literal string.lstrip string.md5 string.pad_left string.pad_right string.pluralize string.prepend
        string.remove string.remove_first string.remove_last string.replace string.replace_first string.rstrip
        string.sha1 string.sha256 string.sha512 string.size string.slice string.slice1 string.split string.starts_with
        string.strip string.strip_newlines string.to_double string.to_float string.to_int string.to_long
        string.truncate string.truncatewords string.upcase string.whitespace systemd yaml
        """.ReplaceLineEndings(" "),
        string.Join(' ', Functions(Bootstrapper.Rendering.Engine.TemplateBuiltins.All, "").Order(StringComparer.Ordinal)));

    [Fact]
    public void Where_there_is_nothing_a_node_gives_templates_nothing()
    {
        var read = ClusterDescriptionReader.Read("""
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            domainname: lab.test
            nodes:
              - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}
            """);
        Assert.Empty(read.Problems);
        var description = read.Cluster!;
        foreach (var cluster in new[] { description,
            description with
            {
                Nodes =
                [
                    .. description.Nodes.Select(node => node with { Roles = NodeRoles.None, Variables = Empty, Labels = Empty }),
                ],
            } })
        {
            var files = new KubernetesFiles(new ClusterModel(cluster), TemplateSet.Of([]));
            var model = new NodeModel(cluster.Nodes[0], files.Shared, NodeSecrets.Specimen, files);
            Assert.Empty(model.Scopes.SelectMany(scope => TrueForNothing(scope, "")));
            Assert.Empty(TrueForNothing(new DhcpBoot(cluster, hasTags: true), "dhcp"));
        }
    }

    private static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string> { ["empty"] = "" };

    private static IEnumerable<string> TrueForNothing(object? value, string path) => value switch
    {
        null => [],
        LeafProfile => [], // for who issues the leaf; no template asks for it
        string text => text.Length == 0 ? [path] : [],
        IDictionary map => map.Keys.Cast<object>().SelectMany(key => TrueForNothing(map[key], $"{path}.{key}")),
        ICollection { Count: 0 } => [path],
        IEnumerable list => list.Cast<object?>().SelectMany(item => TrueForNothing(item, $"{path}[]")),
        _ when value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true => [],
        _ => value.GetType().GetProperties()
            .SelectMany(property => TrueForNothing(property.GetValue(value), $"{path}.{property.Name}")),
    };

    private static IEnumerable<string> Functions(ScriptObject functions, string prefix) => functions.SelectMany(entry =>
        entry.Value is ScriptObject { Count: > 0 } more and not IScriptCustomFunction
            ? Functions(more, $"{prefix}{entry.Key}.")
            : [prefix + entry.Key]);
}
