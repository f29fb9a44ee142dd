//! The manifests in `deploy/kubernetes` fit the binary: its flags and variables, its paths, its
//! times.
//!
//! Whether they fit Kubernetes is checked by `tools/check-kubernetes`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wallet_integration::service::Launch;
use yaml_rust2::{Yaml, YamlLoader};

const PATIENCE: Duration = Duration::from_secs(30);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn manifest(name: &str) -> Yaml {
    let path = root().join("deploy/kubernetes").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let mut documents = YamlLoader::load_from_str(&text).unwrap();
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

/// The pod templates, with the files that contain them.
fn pods() -> [(&'static str, Yaml); 2] {
    ["deployment.yaml", "migrate.yaml"].map(|name| {
        let pod = manifest(name)["spec"]["template"]["spec"].clone();
        assert_eq!(pod["containers"].as_vec().unwrap().len(), 1, "{name}");
        (name, pod)
    })
}

fn arguments(pod: &Yaml) -> Vec<String> {
    let arguments = pod["containers"][0]["args"].as_vec().unwrap();
    let text = |argument: &Yaml| argument.as_str().unwrap().to_owned();
    arguments.iter().map(text).collect()
}

#[test]
fn the_binary_takes_the_flags_and_variables_of_the_manifests() {
    for (name, pod) in pods() {
        let mut launch = Launch::new(arguments(&pod)).environment("WALLET_DB_RETRY_COUNT", "1");
        for variable in pod["containers"][0]["env"].as_vec().unwrap() {
            let key = variable["name"].as_str().unwrap();
            // The manifest only refers to a secret: use a database that does not exist.
            let value = match &variable["value"] {
                Yaml::BadValue => {
                    let secret = &variable["valueFrom"]["secretKeyRef"];
                    assert_eq!(secret["name"].as_str(), Some("wallet-api"), "{name}: {key}");
                    "host=127.0.0.1 port=1"
                }
                value => value.as_str().unwrap(),
            };
            launch = launch.environment(key, value);
        }
        // If only the database is missing, the binary has accepted all settings.
        let ended = launch.run_to_end(PATIENCE).unwrap();
        assert!(!ended.status.success(), "{name}");
        let stderr = &ended.stderr;
        assert!(stderr.contains("no PostgreSQL at"), "{name}: {stderr}");
        assert!(!stderr.contains("look like settings"), "{name}: {stderr}");
    }
}

#[test]
fn the_probes_ask_what_the_service_answers() {
    let document = fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let [(_, pod), _] = pods();
    let container = &pod["containers"][0];
    let port = &container["ports"][0];
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let request = &container[probe]["httpGet"];
        let path = request["path"].as_str().unwrap();
        assert!(
            document["paths"][path]["get"].is_object(),
            "{probe}: {path}"
        );
        assert_eq!(request["port"], port["name"], "{probe}");
    }
    // Restarting a replica because the database is down makes things worse.
    assert_eq!(
        container["livenessProbe"]["httpGet"]["path"].as_str(),
        Some("/healthz")
    );
    assert_eq!(
        container["readinessProbe"]["httpGet"]["path"].as_str(),
        Some("/readyz")
    );
    let variables = container["env"].as_vec().unwrap();
    let listens = variables
        .iter()
        .find(|one| one["name"].as_str() == Some("WALLET_PORT"));
    let listens: i64 = listens.unwrap()["value"].as_str().unwrap().parse().unwrap();
    assert_eq!(port["containerPort"].as_i64(), Some(listens));
    let service = manifest("service.yaml");
    assert_eq!(service["spec"]["ports"][0]["targetPort"], port["name"]);
}

#[test]
fn a_stopping_replica_has_enough_time() {
    let [(_, pod), _] = pods();
    let arguments = arguments(&pod);
    let time = |flag: &str| {
        let value = arguments.iter().find_map(|one| one.strip_prefix(flag));
        humantime::parse_duration(value.unwrap()).unwrap()
    };
    let (drain, shutdown) = (time("--drain-delay="), time("--shutdown-timeout="));
    // The readiness probe, too, must notice within the drain delay that the replica is not ready.
    let probe = &pod["containers"][0]["readinessProbe"];
    let noticed =
        probe["periodSeconds"].as_i64().unwrap() * probe["failureThreshold"].as_i64().unwrap();
    assert!(drain >= Duration::from_secs(noticed.try_into().unwrap()));
    let grace = pod["terminationGracePeriodSeconds"].as_i64().unwrap();
    let grace = Duration::from_secs(grace.try_into().unwrap());
    let needed = drain + shutdown + Duration::from_secs(2);
    assert!(grace >= needed, "{grace:?} is less than {needed:?}");
}

#[test]
fn no_pod_has_rights_that_it_does_not_need() {
    for (name, pod) in pods() {
        let is = |value: &Yaml, expected: bool, what: &str| {
            assert_eq!(value.as_bool(), Some(expected), "{name}: {what}");
        };
        is(&pod["automountServiceAccountToken"], false, "token");
        is(&pod["enableServiceLinks"], false, "links");
        is(&pod["securityContext"]["runAsNonRoot"], true, "root");
        let profile = &pod["securityContext"]["seccompProfile"]["type"];
        assert_eq!(profile.as_str(), Some("RuntimeDefault"), "{name}");
        let container = &pod["containers"][0];
        let context = &container["securityContext"];
        is(&context["allowPrivilegeEscalation"], false, "escalation");
        is(&context["readOnlyRootFilesystem"], true, "file system");
        assert_eq!(
            context["capabilities"]["drop"][0].as_str(),
            Some("ALL"),
            "{name}"
        );
        let resources = &container["resources"];
        for amount in ["cpu", "memory"] {
            assert!(
                resources["requests"][amount].as_str().is_some(),
                "{name}: {amount}"
            );
        }
        assert!(resources["limits"]["memory"].as_str().is_some(), "{name}");
        // The user of the image.
        let user = pod["securityContext"]["runAsUser"].as_i64().unwrap();
        let image = fs::read_to_string(root().join("Dockerfile")).unwrap();
        assert!(image.contains(&format!("\nUSER {user}:")), "{name}: {user}");
    }
}

#[test]
fn service_and_disruption_budget_select_the_replicas() {
    let deployment = manifest("deployment.yaml");
    let labels = &deployment["spec"]["template"]["metadata"]["labels"];
    assert!(labels.as_hash().is_some_and(|labels| !labels.is_empty()));
    assert_eq!(&deployment["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(&manifest("service.yaml")["spec"]["selector"], labels);
    let budget = manifest("disruption-budget.yaml");
    assert_eq!(&budget["spec"]["selector"]["matchLabels"], labels);
    // The migration is not one of the replicas.
    let job = manifest("migrate.yaml");
    assert_ne!(&job["spec"]["template"]["metadata"]["labels"], labels);
}
