import java.nio.file.Path;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Starts one OpenSearch node in the folder and at the port given, and stays until it is killed. */
public class Node {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", arguments[1]);
            settings.put("transport.port", arguments[2]);
            settings.put("network.host", "127.0.0.1");
            settings.putList("node.roles", "cluster_manager", "data", "ingest");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        }).build(OpenSearchRunner.newConfigs().basePath(folder.toString()).numOfNode(1).disableESLogger());
        Thread.currentThread().join();
    }
}
