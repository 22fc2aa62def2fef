namespace Bootstrapper.Cluster;
internal static class ClusterDescriptionReader { public static (ClusterDescription? Cluster, IReadOnlyList<Problem> Problems) Read(string yaml) => (null, []); }
