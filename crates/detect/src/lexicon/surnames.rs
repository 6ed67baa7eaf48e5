//! Common family names, by language or country, as their statistical offices list them; without
//! accents.

/// Names, separated by blanks.
pub(super) const SURNAMES: &[&str] = &[
    // English
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson \
     thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young \
     allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts \
     gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez \
     ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james \
     bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins perry \
     russell sullivan bell coleman butler henderson barnes gonzales fisher vasquez simmons romero jordan patterson alexander \
     hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens \
     murray ford castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman \
     webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks \
     holmes palmer wagner black robertson boyd rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson \
     nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins arnold pierce vazquez hansen peters \
     santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane riley andrews alvarado ray delgado \
     berry perkins hoffman johnston matthews pena richards contreras willis carpenter lawrence sandoval guerrero george chapman \
     rios estrada ortega watkins greene nunez wheeler valdez harper burke larson santiago maldonado morrison franklin carlson \
     austin dominguez carr lawson jacobs obrien lynch singh vega bishop montgomery oliver jensen harvey williamson gilbert dean \
     sims espinoza howell li wong reid hanson le mccoy garrett burton fuller wang weber welch rojas lucas marquez fields park \
     yang little banks padilla day walsh bowman schultz luna fowler mejia davidson acosta brewer may holland juarez newman \
     pearson curtis cortez douglas schneider joseph barrett navarro figueroa keller avila wade molina stanley hopkins campos barnett \
     bates chambers caldwell beck lambert miranda byrd craig ayala lowe frazier powers neal leonard gregory carrillo sutton \
     fleming rhodes shelton schwartz norris jennings rivas bush gross parsons harmon bowen horton montoya mccormick chan \
     hodges higgins mcguire goodman barker hines underwood acevedo rutherford \
     atkinson bradshaw whitaker fletcher lloyd hartley saunders bartlett ashworth barlow bolton brennan briggs byrne chadwick \
     connolly cartwright clarke clayton dawson doherty doyle driscoll emerson fitzgerald flanagan flynn frost gallagher gibbons goodwin \
     hancock hargreaves hobbs holloway hooper humphrey ingram jarvis kavanagh keane kirby leach macdonald mackay mackenzie \
     maclean macleod maguire maher mccarthy mccullough mcdowell mcgrath mckenna mclaughlin mclean mcleod mcmahon mcnamara moran nash nolan \
     oconnor odonnell okeefe oneill osullivan oleary odriscoll pollard preston pritchard quinn rafferty redmond rowe rowley \
     shepherd sinclair slater stokes sweeney thornton tobin townsend vaughan wilkins wilkinson wills winters yates northcott nicholson \
     whitehead whittaker winstone watts walters vincent tyler thorne swift steele stafford sharpe savage rowland nixon",
    // German
    "muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer schaefer koch bauer \
     richter klein wolf schroder schroeder neumann schwarz zimmermann braun kruger krueger hofmann hartmann lange schmitt \
     werner schmitz krause meier lehmann schmid schulze maier kohler koehler herrmann konig koenig walter mayer huber kaiser \
     fuchs peters lang scholz moller moeller weiss jung hahn schubert vogel friedrich keller gunther frank berger winkler \
     roth beck lorenz baumann franke albrecht schuster simon ludwig bohm winter kraus martin schumacher kramer vogt stein \
     jager otto sommer gross seidel heinrich brandt haas schreiber graf schulte dietrich ziegler kuhn kuehn pohl engel \
     horn busch bergmann thomas voigt sauer arnold wolff pfeiffer gruber ebert moser brunner wieser steiner lechner \
     hofer leitner egger mair eder schwarzmann aigner auer fink wimmer haider holzer kern reiter resch riegler strasser \
     stadler wenger wirth zeller zimmerman ackermann albers bayer behrens bender beyer binder bischof brinkmann bruckner dahmen \
     dorn ernst eckert esser fiedler geiger gerlach giese goetz gottschalk grimm gunter hagen hammer heller henning hensel hermann \
     herzog hesse hildebrandt hinz janssen jansen kaufmann kessler kirchner klaus klose knoll kolb konrad korn krebs kuhlmann lindner linke lutz \
     marx mertens michel muench naumann nowak opitz paul petersen philipp pieper probst rau reich reinhardt reuter riedel ritter rohde rose \
     sander schilling schindler schlegel schlosser schreiner schroter seifert siebert stahl stark steinbach stephan strauss thiel thiele thomsen \
     ulrich urban wegner weigel wendt wenzel wiese wilhelm witt wulf zander ammann bachmann baumgartner buhler burri frei furrer gerber \
     hess hug iten kunz lehner luthi marti nussbaumer odermatt pfister portmann rohner schar schenk schweizer senn sutter suter tanner \
     wyss zaugg zurcher",
    // French
    "bernard dubois durand leroy moreau simon laurent lefebvre michel garcia david bertrand roux vincent fournier \
     morel girard andre lefevre mercier dupont lambert bonnet francois martinez legrand garnier faure rousseau blanc guerin \
     muller henry roussel nicolas perrin morin mathieu clement gauthier dumont lopez fontaine chevalier robin masson sanchez \
     gerard nguyen boyer denis lemaire duval joly gautier roger roche roy noel meyer lucas meunier jean perez marchand dufour \
     blanchard marie barbier brun dumas brunet schmitt leroux colas fernandez renard arnaud rolland caron aubert giraud \
     leclerc vidal bourgeois renaud lemoine picard gaillard philippe leclercq lacroix fabre dupuis olivier rodriguez dasilva \
     hubert louis charles guillot riviere legall guillaume adam rey moulin gonzalez berger lecomte menard fleury deschamps \
     carpentier julien benoit paris maillard marchal aubry vasseur leroy renault petit jacquet collet prevost poirier charpentier \
     royer huet baron dupuy pons paul laine carre breton remy schneider perrot guyot barre marty cousin tremblay \
     gagnon cote bouchard gauthier morin lavoie fortin gagne ouellet pelletier belanger levesque bergeron leblanc paquette girard boucher \
     poulin beaulieu cloutier dube poirier fournier lapointe leclerc lefebvre nadeau simard turcotte desjardins villeneuve vezina rocher lanctot",
    // Spanish, Portuguese, Italian
    "fernandez gonzalez rodriguez lopez martinez sanchez perez gomez martin jimenez ruiz hernandez diaz moreno alvarez munoz romero \
     alonso gutierrez navarro torres dominguez vazquez ramos gil ramirez serrano blanco suarez molina morales ortega delgado castro \
     ortiz rubio marin sanz nunez iglesias medina garrido cortes castillo santos lozano guerrero cano prieto mendez cruz calvo \
     gallego vidal leon herrera marquez pena cabrera flores campos vega fuentes carrasco diez caballero nieto reyes aguilar \
     pascual herrero santana lorenzo hidalgo montero ibanez gimenez ferrer duran vicente benitez mora santiago arias vargas \
     carmona crespo roman pastor soto saez velasco soler moya esteban parra bravo gallardo rojas pardo merino franco espinosa \
     izquierdo lara rivas silva rivera casado arroyo redondo camacho rey vera otero luque galan montes rios sierra segura \
     carrillo marcos marti soriano mendoza bernal robles vila valero palacios exposito benito andres varela pereira macias \
     guerra heredia bueno roldan mateo villar contreras miranda guillen mateos escudero aguilera casas menendez rivero zamora \
     beltran trujillo salazar maldonado avila cardenas rosario quispe huaman mamani condori zapata restrepo ospina giraldo cardona \
     arango jaramillo betancur echeverri zuluaga uribe villegas sepulveda valenzuela araya contreras figueroa riquelme aravena \
     tapia bustos godoy ferreyra sosa acosta ledesma peralta juarez villalba quiroga barrios escobar bermudez cervantes \
     davila lemus orozco solis tafoya ulloa valdes zavala silva santos ferreira pereira oliveira costa rodrigues martins jesus \
     sousa fernandes goncalves gomes lopes marques alves almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes \
     soares vieira monteiro cardoso rocha neves coelho cruz cunha pires ramos reis simoes antunes matos fonseca machado araujo \
     barbosa tavares lourenco castro figueiredo azevedo freitas magalhaes henriques lima guerreiro batista pinheiro faria \
     miranda barros morais nogueira esteves anjos baptista campos brito leite dias melo cavalcanti sales macedo moura peixoto queiroz \
     rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti deluca mancini costa giordano \
     rizzo lombardi moretti barbieri fontana santoro mariani rinaldi caruso ferrara galli martini leone longo gentile martinelli \
     vitale lombardo serra coppola desantis dangelo marchetti parisi villa conte ferraro ferri fabbri bianco marini grasso \
     valentini messina sala deangelis gatti pellegrini palumbo sanna farina rizzi monti cattaneo morelli amato silvestri mazza \
     testa grassi pellegrino carbone giuliani benedetti barone rossetti caputo montanari guerra palmieri bernardi martino fiore \
     derosa ferretti bellini basile riva donati piras vitali battaglia sartori neri costantini milani pagano ruggiero sorrentino \
     damico orlando negri mantovani napoli toscano trevisan",
    // Dutch, Nordic
    "jansen devries bakker visser smit meijer mulder bos vos peters hendriks dekker brouwer dijkstra smits \
     degraaf vandermeer kok jacobs vermeulen vandenberg schouten hoekstra koster prins huisman peeters kuiper postma \
     kuijpers vanleeuwen willems janssens maes claes goossens wouters desmet declercq hermans martens vanwijk dejong deboer \
     vanvliet vandijk timmermans gerritsen scholten kramer molenaar blom veenstra vandam heuver wegman zuidema terpstra \
     andersson johansson karlsson nilsson eriksson larsson olsson persson svensson gustafsson pettersson jonsson jansson \
     hansson bengtsson jonsson lindberg jakobsson magnusson olofsson lindstrom lindqvist lindgren axelsson berg bergstrom \
     lundberg lind lundgren lundqvist mattsson berglund fredriksson sandberg henriksson forsberg sjoberg wallin engstrom \
     eklund danielsson lundin hakansson bjork bergman gunnarsson holm wikstrom samuelsson isaksson fransson bergqvist nystrom \
     holmberg arvidsson lofgren soderberg nyberg blomqvist claesson nordstrom martensson ekstrom dahlberg \
     hansen johansen olsen larsen andersen pedersen nilsen kristiansen jensen karlsen johnsen pettersen eriksen berg haugen \
     hagen johannessen andreassen jacobsen dahl jorgensen halvorsen henriksen lund sorensen jakobsen moen gundersen iversen strand \
     solberg martinsen svendsen eide knutsen bakken lie kristoffersen mathisen amundsen lunde solheim berge moe nygard nguyen \
     bakke nielsen christensen rasmussen petersen madsen kristensen olsen thomsen christiansen poulsen johansen moller mortensen \
     knudsen jespersen friis olesen korhonen virtanen makinen nieminen makela hamalainen laine heikkinen koskinen jarvinen \
     lehtonen lehtinen saarinen salminen heinonen niemi heikkila kinnunen salonen turunen salo laitinen tuominen rantanen \
     karjalainen jokinen mattila savolainen lahtinen ahonen ojala leppanen kallio vaisanen hiltunen miettinen leinonen \
     pitkanen aaltonen manninen hakala anttila laaksonen hirvonen rasanen lehto laakso toivonen kukkonen",
    // Slavic, Hungarian, Romanian, Greek
    "nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak dabrowski kozlowski jankowski \
     mazur wojciechowski kwiatkowski krawczyk kaczmarek piotrowski grabowski zajac pawlowski michalski krol wieczorek jablonski \
     wrobel nowakowski majewski olszewski stepien malinowski jaworski adamczyk dudek nowicki pawlak gorski witkowski walczak \
     sikora baran rutkowski michalak szewczyk ostrowski tomaszewski pietrzak zalewski wroblewski marciniak jasinski \
     novak svoboda novotny dvorak cerny prochazka kucera vesely krejci horak nemec marek pospisil pokorny hajek kral jelinek \
     ruzicka benes fiala sedlacek dolezal zeman kolar navratil cermak vanek urban blazek kriz kovar kratochvil horvath \
     kovac varga toth nagy kovacs szabo kiss balogh molnar nemeth farkas papp takacs juhasz lakatos meszaros olah simon racz \
     fekete szilagyi orban gal szucs hegedus pinter biro kocsis szalai sipos bodnar bognar \
     popescu ionescu popa radu dumitru stan stoica gheorghe rusu munteanu matei constantin marin serban ungureanu lazar florea \
     horvat kovacevic babic maric juric novak kovacic knezevic vukovic markovic petrovic matic tomic pavlovic kovac bozic blazevic \
     grgic pavic radic perkovic filipovic saric lovric vidovic peric jukic bosnjak jovanovic nikolic djordjevic ilic stankovic \
     milosevic jankovic popovic stojanovic zivkovic todorovic kostic krajnc zupancic potocnik kos mlakar \
     ivanov petrov georgiev dimitrov nikolov smirnov kuznetsov popov vasiliev sokolov mikhailov novikov fedorov morozov volkov \
     alekseev lebedev semenov egorov pavlov kozlov stepanov orlov andreev makarov nikitin zakharov zaitsev kovalev ilyin gusev \
     titov kuzmin kudryavtsev baranov kulikov voronov shevchenko bondarenko kovalenko boyko tkachenko \
     kravchenko kovalchuk oliynyk lysenko moroz marchenko rudenko savchenko petrenko melnyk ibragimov \
     papadopoulos papadakis georgiou nikolaidis vlahos pappas karagiannis oikonomou",
    // Middle East, South Asia
    "yilmaz kaya demir celik sahin yildiz yildirim ozturk aydin ozdemir arslan dogan kilic aslan cetin kara koc kurt ozkan simsek \
     polat korkmaz khan ali ahmed hussain malik sheikh shaikh syed qureshi chaudhry chaudhary butt mirza raza siddiqui ansari farooqi \
     hashmi rizvi naqvi abbasi bhatti javed haddad khoury nasser mansour hassan saleh saad said hamdan khalil najjar haddad bakri aziz \
     rahman islam hossain akter begum uddin chowdhury miah sarkar hoque karim hosseini ahmadi mohammadi karimi rezaei moradi jafari \
     cohen levy mizrahi peretz biton dahan avraham friedman malka azoulay katz yosef amar ohayon hadad gabay benjamin shapiro \
     goldberg rosenberg goldstein epstein weinberg kaplan feldman rosen greenberg shmuel patel sharma singh kumar gupta shah \
     verma mehta joshi mishra pandey yadav jain agarwal agrawal reddy rao nair menon iyer iyengar pillai nambiar \
     krishnan subramanian venkataraman raman naidu chaudhari desai deshmukh kulkarni patil pawar shinde jadhav more gaikwad chavan \
     sawant bhosale kadam naik kamat shenoy hegde shetty bhat gowda murthy banerjee mukherjee chatterjee ganguly ghosh bose sen \
     das dutta roy saha mondal sarkar chakraborty bhattacharya tiwari dubey trivedi chaturvedi dwivedi shukla srivastava saxena \
     mathur bhatia kapoor khanna malhotra chopra arora sethi bajaj mehra sood gill sidhu dhillon grewal sandhu brar bains sahota \
     thakur chauhan rathore rajput solanki parmar parekh trivedi bhatt dave vyas thakkar perera fernando desilva jayasuriya \
     thapa gurung tamang rai shrestha adhikari karki",
    // East and South-East Asia, Africa
    "sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto \
     inoue kimura hayashi shimizu yamazaki mori abe ikeda hashimoto ishikawa ogawa maeda fujita okada goto hasegawa murakami \
     kondo ishii saito sakamoto endo aoki fujii nishimura fukuda ota miura fujiwara okamoto matsuda nakagawa nakano harada ono \
     tamura takeuchi kaneko wada nakayama ishida ueda morita hara shibata sakai kudo yokoyama miyazaki miyamoto uchida takagi ando \
     taniguchi ohno maruyama imai takada fujimoto takeda murata ueno sugiyama masuda sugawara hirano kojima otsuka chiba kubo \
     matsui iwasaki sakurai kinoshita noguchi matsuo nomura kikuchi sano onishi sugimoto arai \
     kim lee park choi jung jeong kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo hong jeon moon yang bae baek \
     nguyen tran pham huynh hoang phan vu vo dang bui do ngo duong dinh santos reyes cruz bautista ocampo garcia mendoza delacruz \
     villanueva aquino wijaya susanto setiawan hartono gunawan santoso tan lim ong goh chua koh teo yeo wong cheung leung lau kwok \
     mensah owusu boateng osei asante appiah agyeman okafor okeke okonkwo eze nwosu adeyemi adebayo okoro ogunleye balogun \
     abubakar bello danjuma mwangi kamau njoroge otieno ochieng omondi kariuki kimani wanjala mutua nkosi dlamini ndlovu khumalo \
     mokoena zulu naidoo govender botha pretorius vandermerwe nel coetzee venter steyn kruger diop ndiaye fall diallo traore \
     keita coulibaly toure cisse kone ouattara sow barry bah camara tesfaye bekele haile",
];

/// The hundred most frequent family names of China, as pinyin and as the older spellings write
/// them.
pub(super) const PINYIN: &str = "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo \
     liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng xu fu shen zeng peng lu su jiang cai jia ding wei xue \
     ye yan pan du dai xia zhong wang tian ren jiang fan fang shi yao tan sheng zou xiong jin lu hao kong bai cui kang mao \
     qiu qin jiang shi gu hou shao meng long wan duan lei qian tang yin li yi chang wu qiao he lai gong wen pang fan lan \
     yin hua mei ning qi bi hong ouyang sima zhuge xiang an niu zhan shu ou ling ji lian";

/// Syllables that Chinese given names are commonly made of.
pub(super) const SYLLABLES: &str = "ai an ang bai ban bang bao bei ben bi bin bing bo cai can chang chao chen cheng chi \
     chong chu chuan chun cong cui da dan dao de dong duo e en er fa fan fang fei fen feng fu gang gao ge geng gong gu guan guang gui \
     guo hai han hang hao he heng hong hou hu hua huai huan huang hui huo ji jia jian jiang jiao jie jin jing jiu ju juan jue jun kai kang ke \
     kong kuan kun lai lan lang le lei leng li lian liang liao lin ling liu long lou lu luan lun luo lv ma man mao mei meng mi miao min ming mo mu na \
     nan nian ning niu nuo ou pei pen peng pin ping po pu qi qian qiang qiao qin qing qiong qiu qu quan que qun ran rao ren rong rou \
     ru rui ruo run sai san sen sha shan shang shao she shen sheng shi shou shu shuai shuang shui shun shuo si song su sui sun \
     suo tai tan tang tao teng ti tian tie ting tong tu tuo wan wang wei wen wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan \
     xue xun ya yan yang yao ye yi yin ying yong you yu yuan yue yun ze zeng zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhuang \
     zhuo zi zong zuo";
